//! A local server that speaks the documented APIs of Huawei Cloud services, for tests and demonstrations
