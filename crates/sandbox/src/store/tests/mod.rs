mod creation;
mod damage;
mod figures;
mod layout;
mod queries;
mod shared;
mod things;
