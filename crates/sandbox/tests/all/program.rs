//! Tests of the program `huaweicloud-sandbox`: its output, its end, its data file and its errors.
#![cfg(unix)]

use crate::leaks;
use crate::support;

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};
use support::{http, send};

/// A running sandbox program. Dropping this value kills the program.
struct Program {
    child: Child,
    details: Value,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_huaweicloud-sandbox"));
    command
        .args(arguments)
        .env_remove("RUST_LOG")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

impl Program {
    fn start(mut command: Command) -> Self {
        let mut child = command.spawn().expect("the program starts");
        let mut line = String::new();
        // With this capacity, the reader reads no byte after the line. `end` returns all later bytes.
        BufReader::with_capacity(1, child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        let details =
            serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        Self { child, details }
    }

    fn text(&self, name: &str) -> &str {
        self.details[name]
            .as_str()
            .unwrap_or_else(|| panic!("the details have no {name}"))
    }

    fn signal(&self, signal: &str) {
        assert!(
            Command::new("kill")
                .args([signal, &self.child.id().to_string()])
                .status()
                .unwrap()
                .success()
        );
    }

    /// Sends a signal, and waits until the program ends. Returns the exit code, the output after the details, and the
    /// log.
    fn end(mut self, signal: &str) -> (Option<i32>, String, String) {
        self.signal(signal);
        let status = self.child.wait().unwrap();
        let (mut printed, mut log) = (String::new(), String::new());
        self.child
            .stdout
            .as_mut()
            .unwrap()
            .read_to_string(&mut printed)
            .unwrap();
        self.child
            .stderr
            .as_mut()
            .unwrap()
            .read_to_string(&mut log)
            .unwrap();
        (status.code(), printed, log)
    }

    async fn token(&self) -> support::Got {
        let user = json!({"name": self.text("user_name"), "password": self.text("password"), "domain": {"name": self.text("domain_name")}});
        let scope = json!({"project": {"name": self.text("project_name")}});
        let body = json!({"auth": {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": scope}});
        send(
            http()
                .post(format!("{}/v3/auth/tokens", self.text("iam")))
                .json(&body),
        )
        .await
    }
}

/// Runs the program with arguments that it must refuse. The program must not print its details.
fn refused(arguments: &[&str]) -> Output {
    let output = command(arguments).output().unwrap();
    assert!(
        output.stdout.is_empty(),
        "the program must not print its details"
    );
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(!log.contains("panicked"), "{log}");
    output
}

fn error(arguments: &[&str]) -> String {
    let output = refused(arguments);
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test]
async fn the_program_prints_its_details_and_ends_without_errors() {
    for signal in ["-TERM", "-INT"] {
        let program = Program::start(command(&[]));
        for name in ["iam", "roma_link", "dcs"] {
            assert!(program.text(name).starts_with("http://127.0.0.1:"));
        }
        assert_eq!(program.token().await.status, 201);
        assert_eq!(program.text("project_id").len(), 32);
        assert!(!program.text("access_key").is_empty() && !program.text("secret_key").is_empty());
        assert_eq!(program.text("instance_id").len(), 36);
        let (code, printed, log) = program.end(signal);
        assert_eq!((code, printed.as_str()), (Some(0), ""), "{log}");
    }
}

/// Calls IAM, LINK and DCS with log level `trace`. The details contain secrets. The rest of the output must not
/// contain a secret.
#[tokio::test]
async fn apart_from_the_details_the_output_contains_no_secret() {
    let mut command = command(&[]);
    command.env("RUST_LOG", "trace");
    let program = Program::start(command);
    let token = program.token().await.header("x-subject-token").to_owned();
    let mut secrets = BTreeSet::from(PLANTED.map(str::to_owned));
    secrets
        .extend([&token, program.text("password"), program.text("secret_key")].map(str::to_owned));
    let call = async |method: &str, url: &str, body: Value| {
        let request = http().request(method.parse().unwrap(), url);
        send(request.header("x-auth-token", &token).json(&body))
            .await
            .body
    };

    let (link, project) = (program.text("roma_link"), program.text("project_id"));
    let products = format!(
        "{link}/v2/{project}/link/instances/{}/products",
        program.text("instance_id")
    );
    let created = call("POST", &products, support::product("p1")).await;
    secrets.insert(
        created["authentication"]["password"]
            .as_str()
            .unwrap()
            .to_owned(),
    );
    let reset = format!("{products}/{}/authentication", created["id"]);
    for password in [PLANTED[0], PLANTED[1]] {
        call("PUT", &reset, json!({"password": password})).await;
    }
    call(
        "PUT",
        &format!("{reset}?password=Planted%23Query-0002"),
        json!({}),
    )
    .await;

    let instances = format!("{}/v2/{project}/instances", program.text("dcs"));
    let cache = call("POST", &instances, support::cache(PLANTED[3])).await;
    let password = format!(
        "{instances}/{}/password",
        cache["instances"][0]["instance_id"].as_str().unwrap()
    );
    for old in [PLANTED[4], PLANTED[3]] {
        let change = json!({"old_password": old, "new_password": PLANTED[5]});
        call("PUT", &password, change).await;
    }

    let iam = program.text("iam");
    let identity = json!({"methods": ["token"], "token": {"duration_seconds": 900}});
    let keys = format!("{iam}/v3.0/OS-CREDENTIAL/securitytokens");
    let keys = call("POST", &keys, json!({"auth": {"identity": identity}})).await;
    for name in ["secret", "securitytoken"] {
        secrets.insert(keys["credential"][name].as_str().unwrap().to_owned());
    }
    let user = json!({"name": program.text("user_name"), "password": PLANTED[6], "domain": {"name": program.text("domain_name")}});
    let login = json!({"methods": ["password"], "password": {"user": user}});
    call(
        "POST",
        &format!("{iam}/v3/auth/tokens"),
        json!({"auth": {"identity": login}}),
    )
    .await;
    let refused = http().get(&instances).header("x-auth-token", PLANTED[7]);
    assert_eq!(send(refused).await.status, 401);

    let (_, printed, log) = program.end("-TERM");
    for part in ["DEBUG", "/authentication", "/password", "/securitytokens"] {
        assert!(log.contains(part), "no {part} in {log}");
    }
    for (what, text) in [("the log", &log), ("standard output", &printed)] {
        let leak = leaks::find(text, &secrets);
        let leak = leak.map(|leak| {
            format!(
                "{what}: {} ({} at {}): {}",
                leak.secret, leak.encoding, leak.at, leak.around
            )
        });
        assert_eq!(leak, None);
    }
}

/// Secrets that the output must not contain.
///
/// The first three secrets are for a product: a valid password, an invalid password, and a password in a query. The
/// next three secrets are passwords of a DCS instance: the first password, a wrong password, and a new password. The
/// last two secrets are a wrong password of the user, and a wrong token.
const PLANTED: [&str; 8] = [
    "Planted#Product-0001",
    "Refused#1",
    "Planted#Query-0002",
    "Planted#Cache-0003",
    "Planted#Cache-0004",
    "Planted#Cache-0005",
    "Planted/Login \"0006\" \\ 100% é+?",
    "planted/token+0007==",
];

#[tokio::test]
async fn a_data_file_keeps_all_data_if_the_program_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.redb");
    let arguments = ["--data", file.to_str().unwrap()];
    let first = Program::start(command(&arguments));
    let token = first.token().await.header("x-subject-token").to_owned();
    let path = format!(
        "/v2/{}/link/instances/{}/products",
        first.text("project_id"),
        first.text("instance_id")
    );
    let create = |base: &str, name: &str| {
        http()
            .post(format!("{base}{path}"))
            .header("x-auth-token", &token)
            .json(&support::product(name))
    };
    let created = send(create(first.text("roma_link"), "kept")).await;
    assert_eq!(created.status, 201);
    // After SIGKILL, the program cannot write anything. All acknowledged writes must already be in the data file.
    first.signal("-KILL");
    let before = first.details.clone();
    drop(first);

    let second = Program::start(command(&arguments));
    for name in [
        "project_id",
        "user_name",
        "password",
        "access_key",
        "secret_key",
        "instance_id",
    ] {
        assert_eq!(second.details[name], before[name]);
    }
    let shown = http()
        .get(format!(
            "{}{path}/{}",
            second.text("roma_link"),
            created.body["id"]
        ))
        .header("x-auth-token", &token);
    assert_eq!(
        send(shown).await.body["name"],
        "kept",
        "the old token is still valid"
    );
    let next = send(create(second.text("roma_link"), "next")).await;
    assert!(next.body["id"].as_u64() > created.body["id"].as_u64());

    let message = error(&arguments);
    assert!(
        message.contains("another sandbox is using it") && message.contains("sandbox.redb"),
        "{message}"
    );
    assert_eq!(second.end("-TERM").0, Some(0));
}

#[test]
fn only_the_owner_can_access_the_data_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.redb");
    let program = Program::start(command(&["--data", file.to_str().unwrap()]));
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    program.end("-TERM");
}

#[test]
fn invalid_data_files_are_refused_and_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let with = |name: &str, content: &[u8]| {
        let file = folder.path().join(name);
        std::fs::write(&file, content).unwrap();
        file
    };
    let whole = whole_database(folder.path());
    let mut broken = whole.clone();
    broken[..4096].fill(0x55);
    let mut damaged = whole.clone();
    damaged[4096..].fill(0x55);
    let files = [
        with("text", b"not a database"),
        with("broken", &broken),
        with("damaged", &damaged),
        with("half", &whole[..whole.len() / 2]),
        with("start", &whole[..16]),
    ];
    for file in files {
        let before = std::fs::read(&file).unwrap();
        let message = error(&["--data", file.to_str().unwrap()]);
        assert!(message.contains(file.to_str().unwrap()), "{message}");
        assert!(
            std::fs::read(&file).unwrap() == before,
            "{} was changed",
            file.display()
        );
    }
    let missing = folder.path().join("missing").join("file");
    assert!(error(&["--data", missing.to_str().unwrap()]).contains("a folder that exists"));
    assert!(
        error(&["--data", folder.path().to_str().unwrap()]).contains("cannot use the data file")
    );
}

/// The program must not replace a pipe, a socket or a folder with a database.
#[test]
fn only_a_regular_file_becomes_a_data_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let link = |to: &str, name: &str| std::os::unix::fs::symlink(path(to), path(name)).unwrap();
    assert!(
        Command::new("mkfifo")
            .arg(path("pipe"))
            .status()
            .unwrap()
            .success()
    );
    let _socket = std::os::unix::net::UnixListener::bind(path("socket")).unwrap();
    std::fs::create_dir(path("folder")).unwrap();
    for to in ["pipe", "socket", "folder"] {
        link(to, &format!("{to}-link"));
        for name in [to.to_owned(), format!("{to}-link")] {
            let before = std::fs::symlink_metadata(path(&name)).unwrap().file_type();
            let message = error(&["--data", path(&name).to_str().unwrap()]);
            assert!(
                message.contains(&name) && message.contains("name a regular file"),
                "{message}"
            );
            assert_eq!(
                std::fs::symlink_metadata(path(&name)).unwrap().file_type(),
                before
            );
        }
    }
    // The program first writes a new database to a file with the suffix `.unfinished`. If this file is a link, or
    // does not look like an unfinished database, the program does not overwrite it.
    std::fs::write(path("precious"), "precious").unwrap();
    std::fs::write(path("three.unfinished"), "precious").unwrap();
    link("precious", "one.unfinished");
    link("missing", "two.unfinished");
    for name in ["one", "two", "three"] {
        let message = error(&["--data", path(name).to_str().unwrap()]);
        assert!(message.contains("did not create it"), "{message}");
        assert!(!path(name).exists() && !path("missing").exists());
    }
    for name in ["precious", "three.unfinished"] {
        assert_eq!(std::fs::read_to_string(path(name)).unwrap(), "precious");
    }
    // The data file can be a symbolic link to an empty file, or to a missing file.
    std::fs::write(path("empty"), "").unwrap();
    for to in ["empty", "new"] {
        link(to, &format!("{to}-link"));
        let file = path(&format!("{to}-link"));
        Program::start(command(&["--data", file.to_str().unwrap()])).end("-TERM");
        assert!(file.is_symlink() && path(to).metadata().unwrap().len() > 0);
    }
}

#[tokio::test]
async fn the_program_ends_in_time_despite_unfinished_requests() {
    use std::io::Write as _;
    let program = Program::start(command(&[]));
    let address = program.text("iam").replace("http://", "");
    let open = |start: &str| {
        let mut stream = std::net::TcpStream::connect(&address).unwrap();
        stream.write_all(start.as_bytes()).unwrap();
        stream
    };
    let body =
        format!("POST /v3/auth/tokens HTTP/1.1\r\nHost: {address}\r\nContent-Length: 9\r\n\r\n{{");
    let _open = ["", "GET / HTT", &body].map(open);
    // The program answers a later request. So it has also accepted the earlier connections.
    assert_eq!(program.token().await.status, 201);
    let (code, _, log) = program.end("-TERM");
    assert_eq!(code, Some(0), "{log}");
    assert!(!log.contains("did not end in time"), "{log}");
}

/// On a full disk, the sandbox refuses changes, but requests can still read data.
///
/// When the disk has space again, changes succeed.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_does_not_end_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.redb");
    let path = file.to_str().unwrap();
    Program::start(command(&["--data", path])).end("-TERM");
    let blocks = 2 * file.metadata().unwrap().len().div_ceil(1024);
    // The script limits the size of files. A write beyond this limit fails like a write to a full disk.
    let mut limited = Command::new("bash");
    let script = format!("trap '' XFSZ; ulimit -S -f {blocks}; exec \"$0\" \"$@\"");
    limited.args([
        "-c",
        &script,
        env!("CARGO_BIN_EXE_huaweicloud-sandbox"),
        "--data",
        path,
    ]);
    limited
        .env_remove("RUST_LOG")
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let program = Program::start(limited);
    let token = program.token().await.header("x-subject-token").to_owned();
    let url = format!(
        "{}/v2/{}/link/instances/{}/products",
        program.text("roma_link"),
        program.text("project_id"),
        program.text("instance_id")
    );
    let client = http();
    let create = async |name: String| {
        let mut product = support::product(&name);
        product["description"] = json!("a".repeat(200));
        send(
            client
                .post(&url)
                .header("x-auth-token", &token)
                .json(&product),
        )
        .await
        .status
    };
    let (mut acknowledged, mut tried) = (0, 0);
    while acknowledged == tried {
        let many = (tried..tried + 50).map(|number| create(format!("product-{number}")));
        let statuses = futures_util::future::join_all(many).await;
        acknowledged += statuses.iter().filter(|status| **status == 201).count() as u64;
        tried += 50;
        assert!(tried < 20_000, "the disk was never full");
    }
    let total = async || {
        let got = send(http().get(&url).header("x-auth-token", &token)).await;
        assert_eq!(got.status, 200, "{:?}", got.body);
        got.body["total"].as_u64().unwrap()
    };
    assert_eq!(create("refused".to_owned()).await, 500);
    assert_eq!(total().await, acknowledged);
    let id = program.child.id().to_string();
    let raised = Command::new("prlimit")
        .args(["--pid", &id, "--fsize=unlimited"])
        .status();
    assert!(raised.unwrap().success());
    assert_eq!(create("accepted".to_owned()).await, 201);
    assert_eq!(total().await, acknowledged + 1);
    drop(program);
    let again = Program::start(command(&["--data", path]));
    let url = url.replace(&url[..url.find("/v2/").unwrap()], again.text("roma_link"));
    let got = send(http().get(&url).header("x-auth-token", &token)).await;
    assert_eq!(got.body["total"], acknowledged + 1);
}

/// If the program was killed while it created its database, the next start creates the database again.
#[test]
fn an_unfinished_database_is_created_again() {
    let folder = tempfile::tempdir().unwrap();
    let whole = whole_database(folder.path());
    for length in [0, 9, 4096, whole.len() / 2] {
        let file = folder.path().join(format!("file-{length}"));
        let unfinished = folder.path().join(format!("file-{length}.unfinished"));
        let mut content = whole[..length].to_vec();
        content.iter_mut().take(9).for_each(|byte| *byte = 0);
        std::fs::write(&unfinished, content).unwrap();
        std::fs::write(&file, b"").unwrap();
        let program = Program::start(command(&["--data", file.to_str().unwrap()]));
        let id = program.text("project_id").to_owned();
        program.end("-TERM");
        assert!(!unfinished.exists());
        let again = Program::start(command(&["--data", file.to_str().unwrap()]));
        assert_eq!(again.text("project_id"), id);
    }
}

fn whole_database(folder: &Path) -> Vec<u8> {
    let file = folder.join("whole");
    Program::start(command(&["--data", file.to_str().unwrap()])).end("-TERM");
    std::fs::read(file).unwrap()
}

#[test]
fn a_database_of_another_program_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("other");
    let database = redb::Database::create(&file).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction
        .open_table(redb::TableDefinition::<&str, u64>::new("theirs"))
        .unwrap();
    transaction.commit().unwrap();
    drop(database);
    assert!(error(&["--data", file.to_str().unwrap()]).contains("another program"));
}

#[test]
fn invalid_settings_are_refused() {
    let message = error(&["--listen", "0.0.0.0"]);
    assert!(
        message.contains("0.0.0.0") && message.contains("--allow-remote"),
        "{message}"
    );
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    assert!(error(&["--port", &format!("dcs:{port}")]).contains(&format!("127.0.0.1:{port}")));
    for arguments in [
        &["--listen", "localhost"][..],
        &["--token-life", "soon"],
        &["--fault", "dcs:505"],
        &["--unknown"],
    ] {
        assert_eq!(refused(arguments).status.code(), Some(2), "{arguments:?}");
    }
    let mut bad_log = command(&[]);
    let output = bad_log
        .env("RUST_LOG", "huaweicloud=loudly")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("RUST_LOG"));
}

#[tokio::test]
async fn with_allow_remote_the_program_can_listen_on_all_addresses() {
    let program = Program::start(command(&["--listen", "0.0.0.0", "--allow-remote"]));
    assert!(program.text("dcs").starts_with("http://0.0.0.0:"));
    assert_eq!(program.token().await.status, 201);
}

#[tokio::test]
async fn the_option_fault_injects_faults_from_the_start() {
    let arguments = ["--fault", "iam:503:1", "--fault", "dcs:unknown-host"];
    let program = Program::start(command(&arguments));
    assert!(program.text("dcs").starts_with("http://sandbox.invalid:"));
    let url = format!("{}/v3/projects", program.text("iam"));
    let status = async || http().get(&url).send().await.unwrap().status();
    assert_eq!(status().await, 503);
    assert_eq!(status().await, 401);
    let (_, _, log) = program.end("-TERM");
    assert!(log.contains("ServiceUnavailable"), "{log}");
}

#[test]
fn the_help_names_the_faults() {
    let help = command(&["--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    for name in ["reset-in-headers", "429-date=SECONDS", "wrong-tls-name"] {
        assert!(help.contains(name), "no {name} in {help}");
    }
}

/// Runs a script in `sh`. The variable `$sandbox` contains the path of the program.
fn shell(line: &str) -> Output {
    Command::new("sh")
        .args(["-euc", line])
        .env("sandbox", env!("CARGO_BIN_EXE_huaweicloud-sandbox"))
        .env_remove("RUST_LOG")
        .output()
        .unwrap()
}

fn printed(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

/// Runs the example of the help text. The shell ends immediately, and the sandbox runs until the test kills it.
#[tokio::test]
async fn a_shell_can_evaluate_the_printed_variables() {
    let output = shell(
        r#"eval "$("$sandbox" --print-env)"
        echo "$HUAWEICLOUD_SANDBOX_PID $HUAWEICLOUD_ENDPOINT_DCS $HUAWEICLOUD_SDK_PROJECT_ID ${HUAWEICLOUD_SDK_SK:+secret}""#,
    );
    let words: Vec<&str> = printed(&output).split_whitespace().collect();
    let [process, address, project, "secret"] = words.as_slice() else {
        panic!("{output:?}");
    };
    let said = std::str::from_utf8(&output.stderr).unwrap();
    let log = said.trim_end().rsplit(' ').next().unwrap();
    let instances = format!("{address}/v2/{project}/instances");
    let answered = send(http().get(instances)).await.status;
    let killed = shell(&format!(
        "kill {process}; while kill -0 {process} 2>/dev/null; do sleep 0.05; done"
    ));
    assert_eq!(
        answered, 401,
        "the sandbox answers, and requires credentials"
    );
    assert!(killed.status.success(), "{killed:?}");
    let logged = std::fs::read_to_string(log).unwrap();
    std::fs::remove_file(log).unwrap();
    assert!(
        !logged.contains("panicked") && !logged.contains("ERROR"),
        "{logged}"
    );
}

#[test]
fn the_variables_have_the_requested_format() {
    for (format, begins) in [
        ("sh", "export HUAWEICLOUD_SDK_AK='"),
        ("fish", "set -gx HUAWEICLOUD_SDK_AK '"),
        ("powershell", "$env:HUAWEICLOUD_SDK_AK = '"),
        ("dotenv", "HUAWEICLOUD_SDK_AK="),
        ("json", r#"{"HUAWEICLOUD_"#),
    ] {
        let mut child = command(&["--print-env", "--foreground", "--format", format])
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut text = String::new();
        while !text.contains("HUAWEICLOUD_SANDBOX_PID") {
            text += &(lines.next().unwrap().unwrap() + "\n");
        }
        assert!(text.contains(&child.id().to_string()), "{format}");
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(text.starts_with(begins), "{format}");
        let secrets = text.matches("HUAWEICLOUD_SDK_SK").count();
        assert_eq!(secrets, 1, "{format}");
        if format == "json" {
            serde_json::from_str::<Value>(&text).unwrap();
        }
    }
}

/// The sandbox runs a command with the variables that the clients read. When the command ends, the sandbox ends with
/// the same exit code. If a signal ended the command, the exit code is 128 plus the number of the signal.
#[test]
fn a_command_runs_with_the_variables() {
    let output = shell(
        r#"HUAWEICLOUD_SDK_SK=another "$sandbox" --lock-time 1 -- sh -c 'echo "$HUAWEICLOUD_ENDPOINT_IAM $HUAWEICLOUD_SDK_SK"; exit 7'"#,
    );
    assert_eq!(output.status.code(), Some(7));
    let text = printed(&output);
    assert!(text.starts_with("http://127.0.0.1:") && !text.contains("another"));
    assert_eq!(
        text.lines().count(),
        1,
        "the program itself must not print anything"
    );
    let signalled = shell(r#""$sandbox" -- sh -c 'kill -KILL $$'"#);
    assert_eq!(signalled.status.code(), Some(128 + 9));
    let unknown = shell(r#""$sandbox" -- /no/such/command"#);
    assert_eq!(unknown.status.code(), Some(1));
    let said = String::from_utf8(unknown.stderr).unwrap();
    assert!(said.contains("error: /no/such/command: "), "{said}");
}

/// The user does not see the errors of the process in the background. So the process that the user started prints them.
#[test]
fn a_failed_start_in_the_background_reports_the_reason() {
    let log = error(&["--print-env", "--data", "/no/such/folder/data"]);
    assert!(log.contains("/no/such/folder"), "{log}");
    // The program does not accept `--print-env` together with a command.
    let output = refused(&["--print-env", "--", "true"]);
    assert_eq!(output.status.code(), Some(2));
}
