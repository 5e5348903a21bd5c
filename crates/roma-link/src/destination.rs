//! Types for the destinations of a rule: MQS, Kafka and devices. The mandatory fields of a destination depend on its
//! kind.
//!
//! Source: [Creating a Destination](https://support.huaweicloud.com/intl/en-us/api-roma/CreateDestination.html). The
//! meaning of the fields is from the Chinese edition of this page.

use crate::types::{CreateDestinationRequest, CreateDestinationRequired, DestinationType};
use huaweicloud_core::Secret;
use std::fmt;

/// A destination of a rule. The type in each variant has only the fields for this kind of destination.
///
/// A program converts a destination to the request of [`create_destination`](crate::Client::create_destination). There
/// is no variant for a stream of the Data Ingestion Service (DIS), because no page lists the fields of a stream. For a
/// stream, a program must set the fields of [`CreateDestinationRequest`] itself.
///
/// ```
/// use huaweicloud_core::Secret;
/// use huaweicloud_roma_link::destination::{Destination, DeviceDestination};
/// use huaweicloud_roma_link::types::CreateDestinationRequest;
///
/// let lamp = Destination::Device(DeviceDestination {
///     topic: "8si8ST122893/in/214".to_owned(),
///     product_name: "lamp".to_owned(),
///     client_id: Secret::new("planted-client"),
///     app_id: None,
///     device_name: None,
/// });
/// let request = CreateDestinationRequest::from(lamp);
/// // For a device, the field `server` contains the name of the product.
/// assert_eq!(request.server.as_deref(), Some("lamp"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Destination {
    /// A topic of the message integration (MQS).
    Mqs(MqsDestination),
    /// A topic of a Kafka data source.
    Kafka(KafkaDestination),
    /// A device.
    Device(DeviceDestination),
}

/// A destination that is a topic of the message integration (MQS), in the instance of the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MqsDestination {
    /// Name of an existing topic: at most 64 characters.
    pub topic: String,
    /// Address of MQS: at most 64 characters.
    pub server: String,
    /// ID of the integration application of the topic: at most 64 characters.
    pub app_id: String,
    /// The credentials for MQS. `None` if MQS does not use SASL.
    pub login: Option<MqsLogin>,
    /// Tag of the messages: at most 64 characters.
    pub tag: Option<String>,
}

/// The credentials for MQS with SASL.
#[derive(Clone, PartialEq, Eq)]
pub struct MqsLogin {
    /// User name: at most 64 characters.
    pub user_name: String,
    /// Password: at most 64 characters.
    pub password: Secret,
    /// Whether the connection uses SSL in addition to SASL.
    pub ssl: bool,
}

/// The output does not contain the password.
impl fmt::Debug for MqsLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MqsLogin")
            .field("user_name", &self.user_name)
            .field("ssl", &self.ssl)
            .finish_non_exhaustive()
    }
}

/// A destination that is a topic of a Kafka data source, in the instance of the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KafkaDestination {
    /// Kind of the data source.
    pub kind: KafkaKind,
    /// Name of an existing topic: at most 64 characters.
    pub topic: String,
    /// Address of Kafka: at most 64 characters.
    pub server: String,
    /// Name of the data source: at most 64 characters.
    pub data_source: String,
    /// ID of the integration application of the data source: at most 64 characters.
    pub app_id: String,
}

/// The kinds of Kafka data sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KafkaKind {
    /// FusionInsight Kafka.
    FusionInsight,
    /// Kafka of the MapReduce Service (MRS).
    Mrs,
    /// Kafka that is neither FusionInsight nor MRS.
    Plain,
}

/// A destination that is a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceDestination {
    /// Name of a topic of the device: at most 64 characters.
    pub topic: String,
    /// Name of the product of the device: at most 64 characters.
    pub product_name: String,
    /// Client ID of the device: at most 1000 characters.
    pub client_id: Secret,
    /// ID of the integration application of the device: at most 64 characters.
    pub app_id: Option<String>,
    /// Name of the device: at most 64 characters.
    pub device_name: Option<String>,
}

impl From<Destination> for CreateDestinationRequest {
    fn from(destination: Destination) -> Self {
        match destination {
            Destination::Mqs(mqs) => mqs.into(),
            Destination::Kafka(kafka) => kafka.into(),
            Destination::Device(device) => device.into(),
        }
    }
}

impl From<MqsDestination> for CreateDestinationRequest {
    fn from(mqs: MqsDestination) -> Self {
        let request = request(DestinationType::Mqs, mqs.topic)
            .with_app_id(mqs.app_id)
            .with_server(mqs.server)
            .with_tag(mqs.tag);
        match mqs.login {
            None => request,
            Some(login) => request
                .with_user_name(login.user_name)
                .with_password(login.password)
                .with_mqs_sasl_ssl(login.ssl),
        }
    }
}

impl From<KafkaDestination> for CreateDestinationRequest {
    fn from(kafka: KafkaDestination) -> Self {
        let kind = match kafka.kind {
            KafkaKind::FusionInsight => DestinationType::FiKafka,
            KafkaKind::Mrs => DestinationType::MrsKafka,
            KafkaKind::Plain => DestinationType::Kafka,
        };
        request(kind, kafka.topic)
            .with_app_id(kafka.app_id)
            .with_destination_name(kafka.data_source)
            .with_server(kafka.server)
    }
}

impl From<DeviceDestination> for CreateDestinationRequest {
    fn from(device: DeviceDestination) -> Self {
        request(DestinationType::Device, device.topic)
            .with_app_id(device.app_id)
            .with_server(device.product_name)
            .with_token(device.client_id)
            .with_tag(device.device_name)
    }
}

fn request(destination_type: DestinationType, topic: String) -> CreateDestinationRequest {
    CreateDestinationRequest::new(CreateDestinationRequired {
        destination_type,
        topic,
    })
}
