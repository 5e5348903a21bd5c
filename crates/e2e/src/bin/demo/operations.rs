//! Calls the five operations of the demonstration: `update_device`, `reset_device_authentication`,
//! `show_device_authentication`, `reset_product_authentication` and `change_instance_password`. Other calls create,
//! read and delete the objects that these operations need, such as devices.

use anyhow::{Context, Result, ensure};
use huaweicloud::dcs::types::{
    CacheEngine, ChangeInstancePasswordRequest, ChangeInstancePasswordRequired,
    CreateInstanceRequest, CreateInstanceRequired,
};
use huaweicloud::roma_link::types::{
    CreateDeviceRequest, CreateDeviceRequired, CreateProductRequest, CreateProductRequired,
    DeviceStatus, ProductReferenceRequest, ProductType, ProtocolType,
    ResetDeviceAuthenticationRequest, ResetProductAuthenticationRequest, UpdateDeviceRequest,
    UpdateDeviceRequired,
};

use crate::stage::{Clients, Stage};

const DEVICE_USER: &str = "demo-device-0001";
const DEVICE_PASSWORD: &str = "Demo-Device-0001!";
const PRODUCT_USER: &str = "demo-product-0001";
const PRODUCT_PASSWORD: &str = "Demo-Product-0001!";
const OLD_CACHE_PASSWORD: &str = "Demo-Cache-0001!";
const NEW_CACHE_PASSWORD: &str = "Demo-Cache-0002!";

/// Runs the operations in a realistic order. `first_token` is `true` if the first call also requests a token.
pub async fn run(stage: &mut Stage, clients: &Clients, first_token: bool) -> Result<()> {
    let (product, device) = prepare_device(stage, clients, first_token).await?;
    modify_device(stage, clients, device).await?;
    reset_device(stage, clients, device).await?;
    reset_product(stage, clients, product).await?;
    let cache = prepare_cache(stage, clients).await?;
    change_password(stage, clients, &cache).await?;
    clean_up(stage, clients, product, device, &cache).await
}

async fn prepare_device(
    stage: &mut Stage,
    clients: &Clients,
    first_token: bool,
) -> Result<(i64, i64)> {
    let instance = stage.instance();
    let product = CreateProductRequest::new(CreateProductRequired {
        app_id: "demo-app",
        name: "meter",
        manufacturer_id: "demo",
        manufacturer_name: "Demo",
        model: "m1",
        product_type: ProductType::Common,
        protocol_type: ProtocolType::Mqtt,
    });
    let product = clients.link.create_product(&instance, &product).await?;
    let product_id = product.id.context("the product has no id")?;
    let reference = ProductReferenceRequest::default().with_product_id(product_id);
    let device = CreateDeviceRequest::new(CreateDeviceRequired {
        product: reference,
        device_name: "meter-1",
        node_id: "00-11-22-33-44-55",
        app_id: "demo-app",
    });
    let device = clients.link.create_device(&instance, &device).await?;
    match first_token {
        true => stage.expect(&[
            ("create_token", 201),
            ("create_product", 201),
            ("create_device", 201),
        ])?,
        false => stage.expect(&[("create_product", 201), ("create_device", 201)])?,
    }
    Ok((product_id, device.id.context("the device has no id")?))
}

async fn modify_device(stage: &mut Stage, clients: &Clients, device: i64) -> Result<()> {
    let change = UpdateDeviceRequest::new(UpdateDeviceRequired {
        device_name: "meter-1b",
        status: DeviceStatus::Disabled,
    })
    .with_tags(["roof"]);
    let changed = clients
        .link
        .update_device(&stage.instance(), device, &change)
        .await?;
    ensure!(
        changed.status == Some(DeviceStatus::Disabled),
        "the device was not disabled"
    );
    stage.expect(&[("update_device", 200)])
}

/// Resets the authentication of a device to chosen values, and reads the result. Then resets the authentication without
/// values, so that the service generates a user name and a password.
async fn reset_device(stage: &mut Stage, clients: &Clients, device: i64) -> Result<()> {
    let instance = stage.instance();
    let chosen = ResetDeviceAuthenticationRequest::default()
        .with_user_name(DEVICE_USER)
        .with_password(DEVICE_PASSWORD);
    clients
        .link
        .reset_device_authentication(&instance, device, &chosen)
        .await?;
    let known = clients
        .link
        .show_device_authentication(&instance, device)
        .await?;
    ensure!(
        known.user_name.as_deref() == Some(DEVICE_USER),
        "the service did not return the chosen user name"
    );
    ensure!(
        stage.device_login(DEVICE_USER, DEVICE_PASSWORD),
        "a login with the new password fails"
    );
    let made = clients
        .link
        .reset_device_authentication(
            &instance,
            device,
            &ResetDeviceAuthenticationRequest::default(),
        )
        .await?;
    let (user, password) = (made.user_name.as_deref(), made.password.as_ref());
    let (user, password) = (
        user.context("the service generated no user name")?,
        password.context("the service generated no password")?,
    );
    ensure!(
        !stage.device_login(DEVICE_USER, DEVICE_PASSWORD),
        "a login with the old password still works"
    );
    ensure!(
        stage.device_login(user, password.expose()),
        "a login with the generated password fails"
    );
    stage.expect(&[
        ("reset_device_authentication", 200),
        ("show_device_authentication", 200),
        ("reset_device_authentication", 200),
    ])
}

async fn reset_product(stage: &mut Stage, clients: &Clients, product: i64) -> Result<()> {
    let instance = stage.instance();
    let chosen = ResetProductAuthenticationRequest::default()
        .with_user_name(PRODUCT_USER)
        .with_password(PRODUCT_PASSWORD);
    clients
        .link
        .reset_product_authentication(&instance, product, &chosen)
        .await?;
    let known = clients
        .link
        .show_product_authentication(&instance, product)
        .await?;
    ensure!(
        known.user_name.as_deref() == Some(PRODUCT_USER),
        "the service did not return the chosen user name"
    );
    stage.expect(&[
        ("reset_product_authentication", 200),
        ("show_product_authentication", 200),
    ])
}

/// Creates a cache with the password `OLD_CACHE_PASSWORD`, and returns its id.
pub async fn prepare_cache(stage: &mut Stage, clients: &Clients) -> Result<String> {
    let request = new_cache();
    let created = clients.dcs.create_instance(&request).await?;
    stage.expect(&[("create_instance", 200)])?;
    let instance = created
        .instances
        .first()
        .and_then(|instance| instance.instance_id.clone());
    instance.context("no instance was created")
}

fn new_cache() -> CreateInstanceRequest {
    CreateInstanceRequest::new(CreateInstanceRequired {
        name: "demo-cache",
        engine: CacheEngine::Redis,
        capacity: 0.125,
        spec_code: "redis.single.xu1.tiny.128",
        az_codes: ["eu-de-01"],
        vpc_id: "503aa6d8-c69e-41ea-9b48-3b6dcb6ff3e9",
        subnet_id: "10e0b4c9-6b5b-4a0f-a2fd-b7b4a7a6d6b1",
    })
    .with_engine_version("6.0")
    .with_password(OLD_CACHE_PASSWORD)
}

async fn change_password(stage: &mut Stage, clients: &Clients, cache: &str) -> Result<()> {
    let change = ChangeInstancePasswordRequest::new(ChangeInstancePasswordRequired {
        old_password: OLD_CACHE_PASSWORD,
        new_password: NEW_CACHE_PASSWORD,
    });
    clients.dcs.change_instance_password(cache, &change).await?;
    ensure!(
        !stage.dcs_login(cache, OLD_CACHE_PASSWORD),
        "a login with the old password still works"
    );
    ensure!(
        stage.dcs_login(cache, NEW_CACHE_PASSWORD),
        "a login with the new password fails"
    );
    stage.expect(&[("change_instance_password", 200)])
}

async fn clean_up(
    stage: &mut Stage,
    clients: &Clients,
    product: i64,
    device: i64,
    cache: &str,
) -> Result<()> {
    let instance = stage.instance();
    clients.link.delete_device(&instance, device).await?;
    clients.link.delete_product(&instance, product).await?;
    clients.dcs.delete_instance(cache).await?;
    stage.expect(&[
        ("delete_device", 204),
        ("delete_product", 204),
        ("delete_instance", 204),
    ])
}
