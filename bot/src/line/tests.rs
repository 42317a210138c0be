//! What lines are read as.

mod alone;
mod any;
mod english;
mod names;
mod russian;
mod shown;

use shown::shown;
