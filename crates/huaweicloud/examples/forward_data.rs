//! Creates a rule that forwards the data of a product's devices to a topic of the message integration (MQS).
//!
//! The program enables the rule only after it has added all sources and the destination. If one of these steps fails,
//! the program deletes the rule.
//!
//! MQS_SERVER=... ROMA_INSTANCE_ID=... cargo run --example forward_data -- <application id> <product id> <topic>

use anyhow::Context as _;
use huaweicloud::Error;
use huaweicloud::roma_link::destination::MqsDestination;
use huaweicloud::roma_link::types::{
    CreateRuleRequest, CreateRuleRequired, CreateSourceRequest, CreateSourceRequired,
    ListProductTopicsParams, RuleStatus, TopicPermission, UpdateRuleRequest,
};
use huaweicloud::roma_link::{self, Client};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let app_id = arguments.next().context("give the ID of an application")?;
    let product_id: i64 = arguments
        .next()
        .context("give the ID of a product")?
        .parse()?;
    let topic = arguments
        .next()
        .context("give the name of a topic of MQS")?;
    let config = huaweicloud::config::load().await?;
    let link = roma_link::Client::new(&config)?;
    let instance_id = std::env::var("ROMA_INSTANCE_ID")?;

    let rule = CreateRuleRequest::new(CreateRuleRequired {
        name: format!("to-{topic}"),
        app_id: app_id.as_str(),
    })
    .with_status(RuleStatus::Disabled);
    let rule = link.create_rule(&instance_id, &rule).await?;
    let rule_id = rule.rule_id.context("the rule has no ID")?.to_string();

    let destination = MqsDestination {
        topic,
        server: std::env::var("MQS_SERVER")?,
        app_id,
        login: None,
        tag: None,
    };
    match complete(&link, &instance_id, &rule_id, product_id, destination).await {
        Ok(sources) => println!("rule {rule_id} forwards {sources} topics"),
        Err(error) => {
            link.delete_rule(&instance_id, &rule_id).await?;
            return Err(error).context(format!("rule {rule_id} was deleted after this error"));
        }
    }
    Ok(())
}

/// Adds a source for each topic to which the devices of the product publish, then adds the destination, then enables
/// the rule. Returns the number of sources.
async fn complete(
    link: &Client,
    instance_id: &str,
    rule_id: &str,
    product_id: i64,
    destination: MqsDestination,
) -> Result<usize, Error> {
    let all = ListProductTopicsParams::default();
    let mut topics = link
        .list_product_topics(instance_id, product_id, &all)
        .items();
    let mut sources = 0;
    while let Some(topic) = topics.try_next().await? {
        if topic.permission != Some(TopicPermission::Publish) {
            continue;
        }
        let source = CreateSourceRequest::new(CreateSourceRequired {
            product_id,
            topic: topic.topic_name.unwrap_or_default(),
        });
        link.create_source(instance_id, rule_id, &source).await?;
        sources += 1;
    }
    link.create_destination(instance_id, rule_id, &destination.into())
        .await?;
    let on = UpdateRuleRequest::new().with_status(RuleStatus::Enabled);
    link.update_rule(instance_id, rule_id, &on).await?;
    Ok(sources)
}
