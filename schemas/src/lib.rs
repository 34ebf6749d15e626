//! Wire types of Siaga's topics, their JSON Schemas and examples
#![forbid(unsafe_code)]
