//! Tests the export and import of products, the export of devices, commands, and device shadows. A shadow contains the
//! last property values of a device. These resources belong to ROMA Connect device integration (LINK).

use crate::support;

use huaweicloud::Upload;
use huaweicloud::roma_link::types::{
    CommandParameterRequest, CreateCommandRequest, CreatePropertyRequest, CreatePropertyRequired,
    CreateServiceRequest, CreateServiceRequired, DebugRuleRequest, DeleteDevicesRequest,
    DownloadDevicesParams, DownloadProductsParams, ExportedFileType, ExportedPassword,
    ListDevicesParams, ListProductsParams, ListTopicsParams, Product, ProductImport,
    PropertyDataType, PropertyRequirement, SendCommandRequest, SendCommandRequired, ServiceStatus,
    TopicOrigin,
};
use support::{By, Clients, World};

async fn products(clients: &Clients) -> Vec<Product> {
    let list = ListProductsParams::new();
    let list = clients.link.list_products(&clients.instance, &list);
    list.items().try_collect().await.unwrap()
}

/// Returns some of the product fields that an exported file contains.
fn described(product: &Product) -> impl PartialEq + std::fmt::Debug + use<> {
    (
        product.name.clone(),
        product.app_id.clone(),
        product.manufacturer_id.clone(),
        product.model.clone(),
        product.product_type,
        product.protocol_type,
    )
}

#[tokio::test]
async fn importing_an_exported_file_restores_the_products() {
    let world = World::new().await;
    let clients = world.clients(By::AccessKey);
    let (link, instance) = (&clients.link, clients.instance.as_str());
    for name in ["meter", "lamp, \"small\""] {
        clients.product(name).await;
    }
    let before = products(&clients).await;
    let all = DownloadProductsParams::new().with_password_type(ExportedPassword::Plaintext);
    let mut file = link
        .download_products(instance, &all)
        .await
        .unwrap()
        .into_inner();
    let folder = tempfile::tempdir().unwrap();
    let path = file.save_in(folder.path()).await.unwrap();
    assert_eq!(path, folder.path().join("products.csv"));
    let login = async |id: i64| {
        let login = link
            .show_product_authentication(instance, id)
            .await
            .unwrap();
        login.password.as_ref().unwrap().expose().to_owned()
    };
    let password = login(before[0].id.unwrap()).await;

    // The products still exist, so their names are in use. The error lists these names.
    let upload = Upload::open(&path).await.unwrap();
    let error = link.upload_products(instance, &upload).await.unwrap_err();
    let refused: &ProductImport = error.refused_answer().unwrap();
    assert_eq!(refused.fail_objects_ids, ["meter", "lamp, \"small\""]);
    for product in &before {
        link.delete_product(instance, product.id.unwrap())
            .await
            .unwrap();
    }
    let done = link.upload_products(instance, &upload).await.unwrap();
    assert_eq!((done.succ_num, done.fail_num), (Some(2), Some(0)));
    let after = products(&clients).await;
    let same = |products: &[Product]| products.iter().map(described).collect::<Vec<_>>();
    assert_eq!(same(&after), same(&before));
    assert_eq!(login(after[0].id.unwrap()).await, password);

    let broken = Upload::from_bytes("broken.csv", "name,app_id\nmeter\n");
    let error = link.upload_products(instance, &broken).await.unwrap_err();
    assert_eq!(error.error_code(), Some("ROMA.00110721"));
    let message = error.error_msg().unwrap_or_default();
    assert!(message.contains("row 2"), "{message}");
}

#[tokio::test]
async fn an_export_writes_the_devices_as_csv() {
    let world = World::new().await;
    let clients = world.clients(By::AccessKey);
    let (link, instance) = (&clients.link, clients.instance.as_str());
    let product = clients.product("meter").await;
    let device = clients.device(&product, "node-1").await;
    let file = async |params: &DownloadDevicesParams| {
        let mut file = link
            .download_devices(instance, params)
            .await
            .unwrap()
            .into_inner();
        let folder = tempfile::tempdir().unwrap();
        let path = file.save_in(folder.path()).await.unwrap();
        std::fs::read_to_string(path).unwrap()
    };
    let id = device.id.unwrap();
    let login = link.show_device_authentication(instance, id).await.unwrap();
    let password = login.password.as_ref().unwrap().expose().to_owned();
    let plain = DownloadDevicesParams::new().with_file_export_type(ExportedFileType::Csv);
    let text = file(&plain).await;
    assert!(text.contains("device-node-1") && !text.contains(&password));
    let chosen = DownloadDevicesParams::new()
        .with_device_ids([id])
        .with_password_type(ExportedPassword::Plaintext);
    assert!(file(&chosen).await.contains(&password));
    let missing = DownloadDevicesParams::new().with_device_ids([7]);
    let error = link.download_devices(instance, &missing).await.unwrap_err();
    assert!(error.is_not_found());
}

#[tokio::test]
async fn a_command_changes_the_shadow_of_a_device() {
    let world = World::new().await;
    let clients = world.clients(By::AccessKey);
    let (link, instance) = (&clients.link, clients.instance.as_str());
    let product = clients.product("lamp").await;
    let device = clients.device(&product, "node-1").await.id.unwrap();
    let service = CreateServiceRequest::new(CreateServiceRequired {
        service_name: "light",
        status: ServiceStatus::Enabled,
    })
    .with_product_id(product.id.unwrap());
    let service = link.create_service(instance, &service).await.unwrap();
    let service = service.service_id.unwrap();
    let id = service.to_string();
    let level = CreatePropertyRequest::new(CreatePropertyRequired {
        property_name: "level",
        data_type: PropertyDataType::String,
        required: PropertyRequirement::Mandatory,
    });
    link.create_property(instance, &id, &level).await.unwrap();
    let command = CreateCommandRequest::new("set");
    let command = link.create_command(instance, &id, &command).await.unwrap();
    let command = command.command_id.unwrap();
    link.create_request_property(instance, &id, command, &level)
        .await
        .unwrap();
    let send = SendCommandRequest::new(SendCommandRequired {
        service_id: service,
        is_sync: true,
        command_id: command,
    })
    .with_requests([CommandParameterRequest::new()
        .with_parameter_name("level")
        .with_parameter_value("40")]);
    let error = link
        .send_command(instance, device, &send)
        .await
        .unwrap_err();
    assert_eq!(error.status(), Some(500));
    let number = u64::try_from(device).unwrap();
    assert!(world.sandbox.put_device_online(number, true).unwrap());
    link.send_command(instance, device, &send).await.unwrap();
    let shadow = link.list_shadows(instance, device).await.unwrap();
    let value = &shadow[0].properties[0];
    assert_eq!(shadow[0].service_name.as_deref(), Some("light"));
    assert_eq!(value.property_value.as_deref(), Some("40"));

    let basic = ListTopicsParams::new().with_is_private(TopicOrigin::Basic);
    let topics = link.list_topics(instance, device, &basic).items();
    assert_eq!(topics.try_collect::<Vec<_>>().await.unwrap().len(), 3);
    let rule = DebugRuleRequest::new()
        .with_test_data(r#"{"level":"40","room":"hall"}"#)
        .with_test_rule_express("select level from '/t' where level > 20");
    let tested = link.debug_rule(instance, &rule).await.unwrap();
    assert_eq!(tested.test_result.as_deref(), Some(r#"{"level":"40"}"#));
    // A product with devices cannot be deleted. After the deletion of the device, the product can be deleted.
    let error = link.delete_product(instance, product.id.unwrap()).await;
    assert_eq!(error.unwrap_err().status(), Some(400));
    let devices = DeleteDevicesRequest::new([device]);
    link.delete_devices(instance, &devices).await.unwrap();
    link.delete_product(instance, product.id.unwrap())
        .await
        .unwrap();
    let left = link.list_devices(instance, &ListDevicesParams::new()).await;
    assert_eq!(left.unwrap().total, Some(0));
}
