//! The simulator from outside: bots over HTTP, people over the control API.

#[cfg(test)]
mod control;
#[cfg(test)]
mod edits;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod strictness;
#[cfg(test)]
mod telegram;
#[cfg(test)]
mod teloxide_client;
#[cfg(test)]
mod updates;
