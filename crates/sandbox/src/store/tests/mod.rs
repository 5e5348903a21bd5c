mod damage;
mod layout;
mod queries;
mod shared;
mod things;
