//! Finds credentials, project and endpoints for the unofficial Huawei Cloud and Open Telekom Cloud clients
