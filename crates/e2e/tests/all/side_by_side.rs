//! Contains short programs, for comparisons with programs that use the SDKs of other clouds. The programs in this file
//! read all pages of a list, wait for a new instance, use a mock, and handle errors. The tests run these programs.

mod page_all {
    use huaweicloud::roma_link::{Client, types::ListDevicesParams};

    pub async fn print_all(link: &Client, instance_id: &str) -> Result<(), huaweicloud::Error> {
        let all = ListDevicesParams::default();
        let mut devices = link.list_devices(instance_id, &all).items();
        while let Some(device) = devices.try_next().await? {
            println!("{:?}", device.device_name);
        }
        Ok(())
    }
}

mod wait {
    use huaweicloud::dcs::{Client, types::CreateInstanceRequest};

    pub async fn create(
        dcs: &Client,
        request: &CreateInstanceRequest,
    ) -> Result<Option<String>, huaweicloud::Error> {
        let caches = dcs.create_instance(request).wait().await?;
        Ok(caches[0].ip.clone())
    }
}

mod tell_errors_apart {
    use huaweicloud::dcs::Client;

    pub async fn show(dcs: &Client, id: &str) -> Result<Option<String>, huaweicloud::Error> {
        match dcs.show_instance(id).await {
            Ok(instance) => Ok(instance.name.clone()),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) if error.is_timeout() => Ok(Some("try later".to_owned())),
            Err(error) => Err(error),
        }
    }
}

mod mock {
    use huaweicloud::dcs::Client;
    use huaweicloud::testing::{Recorder, Reply};
    use serde_json::json;

    #[tokio::test]
    async fn the_mock_returns_the_name() {
        let recorder = Recorder::new();
        recorder.reply("show_instance", Reply::json(200, &json!({"name": "cache"})));
        let dcs = Client::new(&recorder.config().build().unwrap()).unwrap();
        let name = super::tell_errors_apart::show(&dcs, "42").await.unwrap();
        assert_eq!(name.as_deref(), Some("cache"));
    }
}

#[tokio::test]
async fn the_compared_programs_work_with_the_sandbox() {
    let world = crate::support::World::new().await;
    let clients = world.clients(crate::support::By::AccessKey);
    page_all::print_all(&clients.link, &clients.instance)
        .await
        .unwrap();
    let request = crate::support::cache_request("side-by-side");
    let ip = wait::create(&clients.dcs, &request).await.unwrap();
    assert!(ip.is_some());
    let missing = tell_errors_apart::show(&clients.dcs, "no-such-cache").await;
    assert_eq!(missing.unwrap(), None);
}
