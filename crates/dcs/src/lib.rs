//! Unofficial client for the Distributed Cache Service of Huawei Cloud and Open Telekom Cloud
