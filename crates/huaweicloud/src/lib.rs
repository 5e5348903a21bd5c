//! Unofficial SDK for Huawei Cloud and Open Telekom Cloud
