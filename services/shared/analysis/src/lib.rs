//! What Siaga knows about language, topics, places and security events: pure functions over text
#![forbid(unsafe_code)]
