//! Types for the answer of `list_devices`, with decoders that serde derives. The fields are the same as in the types of
//! the client, but `extend_protocol_name` of a product is missing. Secrets and enums are plain strings and integers
//! here.

#![allow(
    missing_docs,
    reason = "the fields are documented in the types of the client"
)]

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub struct DeviceList {
    pub total: Option<i64>,
    pub size: Option<i64>,
    pub connect_address: Option<String>,
    pub ssl_connect_address: Option<String>,
    pub ipv6_connect_address: Option<String>,
    pub ipv6_ssl_connect_address: Option<String>,
    #[serde(default)]
    pub items: Vec<Device>,
}

#[derive(Debug, Deserialize)]
pub struct Device {
    #[serde(default)]
    pub permissions: Vec<String>,
    pub id: Option<i64>,
    pub device_id: Option<i64>,
    pub parent_device_id: Option<i64>,
    pub parent_device_name: Option<String>,
    pub product: Option<ProductReference>,
    pub device_name: Option<String>,
    pub instance_id: Option<String>,
    pub client_id: Option<String>,
    pub node_id: Option<String>,
    pub app_name: Option<String>,
    pub status: Option<i64>,
    pub online_status: Option<i64>,
    pub description: Option<String>,
    pub authentication: Option<DeviceAuthentication>,
    pub created_user: Option<User>,
    pub last_updated_user: Option<User>,
    #[serde(default)]
    pub tags: Vec<String>,
    pub created_datetime: Option<i64>,
    pub last_updated_datetime: Option<i64>,
    pub connect_address: Option<String>,
    pub ssl_connect_address: Option<String>,
    pub ipv6_connect_address: Option<String>,
    pub ipv6_ssl_connect_address: Option<String>,
    pub last_login_datetime: Option<i64>,
    pub node_type: Option<i64>,
    pub device_type: Option<i64>,
    pub client_ip: Option<String>,
    pub keep_alive: Option<String>,
    pub last_active_time: Option<i64>,
    pub version: Option<String>,
    pub app_id: Option<String>,
    pub plugin_id: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub struct ProductReference {
    pub product_id: Option<i64>,
    pub product_name: Option<String>,
    pub manufacturer_id: Option<String>,
    pub model: Option<String>,
    pub product_type: Option<i64>,
    pub protocol_type: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub struct DeviceAuthentication {
    pub user_name: Option<String>,
    pub password: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct User {
    pub user_id: Option<String>,
    pub user_name: Option<String>,
}
