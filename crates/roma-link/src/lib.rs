//! Unofficial client for ROMA Connect device integration (LINK) of Huawei Cloud
