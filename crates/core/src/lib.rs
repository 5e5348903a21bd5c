//! Credentials, request signing, transport, retries and errors shared by the unofficial Huawei Cloud and Open Telekom Cloud clients
