//! Unofficial client for the Identity and Access Management of Huawei Cloud and Open Telekom Cloud
