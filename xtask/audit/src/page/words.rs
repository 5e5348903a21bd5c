//! Recognises headings, captions, labels and other fixed words of pages, in English and Chinese.

use crate::markup::without_bold;

/// The kind of a table column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Names of parameters or fields.
    Name,
    /// Words such as `Yes`, which state whether a parameter or field is mandatory.
    Mandatory,
    /// Types.
    Type,
    /// Descriptions.
    Description,
    /// Statuses.
    Status,
}

/// Returns the kind of the column that has this heading.
pub fn column(text: &str) -> Option<Column> {
    let text = without_bold(text).trim().to_lowercase();
    Some(match text.as_str() {
        "parameter" | "parameter name" | "name" | "field" | "attribute" | "参数" | "参数名"
        | "参数名称" | "名称" => Column::Name,
        "mandatory" | "required" | "是否必选" | "是否必填" | "必选" => Column::Mandatory,
        "type" | "parameter type" | "data type" | "参数类型" | "类型" => Column::Type,
        "description" | "描述" | "说明" | "参数说明" => Column::Description,
        "status code" | "状态码" => Column::Status,
        _ => return None,
    })
}

/// A section of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// The purpose of the operation.
    Function,
    /// Method and path, usually with the path parameters and query parameters.
    Uri,
    /// The headers and the body of the request. On some pages, also the query parameters.
    Request,
    /// The answers.
    Response,
    /// Examples of requests.
    RequestExample,
    /// Examples of answers.
    ResponseExample,
    /// The table of statuses.
    Statuses,
    /// Any other known section, such as the constraints.
    Other,
}

const SECTIONS: [(Section, &str); 6] = [
    (Section::Function, "function|功能介绍|接口说明"),
    (Section::Uri, "uri|request uri"),
    (
        Section::Request,
        "request|request parameters|request message|请求参数|请求消息|请求",
    ),
    (
        Section::Response,
        "response|response parameters|response message|响应参数|响应消息|响应",
    ),
    (
        Section::Statuses,
        "status code|status codes|returned values|状态码",
    ),
    (
        Section::Other,
        "error code|error codes|错误码|debugging|调试|constraints|约束与限制|约束限制|sdk sample code|sdk代码示例|授权信息|authorization information",
    ),
];

/// The first words in the headings of examples. Such a heading can have more words.
const EXAMPLES: [(Section, &str); 2] = [
    (
        Section::RequestExample,
        "example request|sample request|request example|请求示例|请求样例",
    ),
    (
        Section::ResponseExample,
        "example response|sample response|response example|响应示例|响应样例",
    ),
];

/// Returns the section that begins with this line.
pub fn section(text: &str) -> Option<Section> {
    let text = without_bold(text).to_lowercase();
    let text = text
        .trim()
        .trim_start_matches("- ")
        .trim_end_matches([':', '：']);
    let whole = SECTIONS
        .iter()
        .find(|(_, words)| words.split('|').any(|word| word == text));
    let begun = || {
        EXAMPLES
            .iter()
            .find(|(_, words)| words.split('|').any(|word| text.starts_with(word)))
    };
    whole.or_else(begun).map(|(section, _)| *section)
}

/// Returns a caption without the number of its table: `ProductReferer` for `Table 5 ProductReferer`.
pub fn table_caption(text: &str) -> Option<&str> {
    let text = text.trim();
    let rest = text.strip_prefix("Table").or(text.strip_prefix('表'))?;
    let rest = rest.trim_start();
    let caption = rest.trim_start_matches(|char: char| char.is_ascii_digit());
    (caption.len() < rest.len()).then(|| caption.trim_start_matches([':', '：', '.']).trim())
}

/// Returns the status in a heading such as `Status code: 200`.
pub fn status(text: &str) -> Option<u16> {
    let text = without_bold(text).to_lowercase();
    let rest = text.trim().trim_start_matches("- ");
    let rest = rest
        .strip_prefix("status code")
        .or(rest.strip_prefix("状态码"))?;
    let rest = rest.trim_start_matches([':', '：', ' ', '为']);
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    is_status(&digits).then(|| digits.parse().ok()).flatten()
}

/// Returns whether a string can be a status: three digits, the first of them from 1 to 5.
pub fn is_status(text: &str) -> bool {
    text.len() == 3
        && text.starts_with(['1', '2', '3', '4', '5'])
        && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns `Some(true)` for a word such as `Yes`, `Some(false)` for a word such as `No`, and `None` for other text.
pub fn mandatory(text: &str) -> Option<bool> {
    match without_bold(text).trim().to_lowercase().as_str() {
        "yes" | "true" | "mandatory" | "是" | "必选" => Some(true),
        "no" | "false" | "optional" | "否" | "可选" => Some(false),
        _ => None,
    }
}

/// The location of a parameter or field in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// In the body.
    Body,
}

impl Location {
    /// Returns the word of OpenAPI for the location, such as `path`.
    pub fn word(self) -> &'static str {
        match self {
            Location::Path => "path",
            Location::Query => "query",
            Location::Header => "header",
            Location::Body => "body",
        }
    }
}

/// Returns the location in a caption such as `Request body parameters`. A type name such as `KeysBody` has no
/// location, because it contains no word for parameters.
pub fn place(caption: &str) -> Option<Location> {
    let caption = caption.to_lowercase();
    let mut words = caption.split(|char: char| !char.is_ascii_alphanumeric());
    let says = |word: &str| words.clone().any(|known| known == word);
    let plural = says("parameter") || says("parameters") || caption.contains("参数");
    if !plural {
        return None;
    }
    if says("header") || says("headers") || caption.contains("消息头") {
        Some(Location::Header)
    } else if says("body") || caption.contains("消息体") {
        Some(Location::Body)
    } else if says("query") {
        Some(Location::Query)
    } else if words.any(|word| word == "path") || caption.contains("路径") {
        Some(Location::Path)
    } else {
        None
    }
}

/// Returns the date in a line such as `Updated on 2023-06-29 GMT+08:00`.
pub fn date(text: &str) -> Option<String> {
    let rest = text
        .strip_prefix("Updated on")
        .or(text.strip_prefix("更新时间"))
        .or(text.strip_prefix("Last updated"))?;
    let rest = rest.trim_start_matches([':', '：', ' ']);
    let day: String = rest.chars().take(10).collect();
    let shape = day.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    (day.len() == 10 && shape).then_some(day)
}

/// Returns the topic in a line such as `Parent topic: Lifecycle Management`.
pub fn topic(text: &str) -> Option<&str> {
    let text = text.trim_start_matches("**");
    let rest = text
        .strip_prefix("Parent topic")
        .or(text.strip_prefix("父主题"))?;
    Some(rest.trim_matches([':', '：', ' ', '*']))
}

/// Returns whether a line prints a limit, such as `Maximum: 64`.
pub fn is_limit(text: &str) -> bool {
    let text = without_bold(text).trim().to_lowercase();
    let labels = ["minimum", "maximum", "最小", "最大"];
    labels.iter().any(|label| text.starts_with(label)) && text.contains([':', '：'])
}
