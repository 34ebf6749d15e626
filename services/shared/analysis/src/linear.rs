//! A linear model over hashed features, with weights of one byte.
//!
//! A file is one line of JSON, the [`Header`], and then one byte a bucket and class: a signed weight in units of
//! `scale`. The sum over an article's features is divided by the root of their number, as if the features were a vector
//! of length one: then a headline and a page have sums of like size.

use serde::{Deserialize, Serialize};

/// What stands before the weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Name and version of the model.
    pub name: String,
    /// What each class means; the order of the weights.
    pub classes: Vec<String>,
    /// Number of buckets, a power of two.
    pub buckets: u32,
    /// Logits a unit of weight.
    pub scale: f32,
    /// Logit of each class without features.
    pub bias: Vec<f32>,
    /// Further numbers that training found, by name.
    #[serde(default)]
    pub parameters: std::collections::BTreeMap<String, f32>,
}

/// Why a model cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The first line is no header.
    #[error("the header of a model is broken: {0}")]
    Header(#[from] serde_json::Error),
    /// The weights are not as many as the header says.
    #[error("model `{name}` has {found} weights instead of {expected}")]
    Weights {
        /// Of which model.
        name: String,
        /// What the header says.
        expected: usize,
        /// What is there.
        found: usize,
    },
}

/// A model, ready for use.
#[derive(Clone, Debug)]
pub struct Linear {
    header: Header,
    /// By bucket, then by class.
    weights: Vec<i8>,
}

impl Linear {
    /// Reads a model file.
    ///
    /// # Errors
    /// Where header or weights are broken.
    pub fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        let end = memchr::memchr(b'\n', bytes).unwrap_or(bytes.len());
        let header: Header = serde_json::from_slice(&bytes[..end])?;
        let weights = bytes.get(end + 1..).unwrap_or_default();
        let expected = header.buckets as usize * header.classes.len();
        let fits = weights.len() == expected
            && header.bias.len() == header.classes.len()
            && header.buckets.is_power_of_two();
        if !fits {
            return Err(ModelError::Weights { name: header.name, expected, found: weights.len() });
        }
        Ok(Self { weights: weights.iter().map(|w| w.cast_signed()).collect(), header })
    }

    /// Writes a model file.
    ///
    /// # Errors
    /// Where the header cannot be written as JSON.
    pub fn write(header: &Header, weights: &[i8]) -> Result<Vec<u8>, ModelError> {
        let mut bytes = serde_json::to_vec(header)?;
        bytes.push(b'\n');
        bytes.extend(weights.iter().map(|w| w.cast_unsigned()));
        Ok(bytes)
    }

    /// What stands before the weights.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Logits of the classes for hashed features.
    #[expect(clippy::cast_precision_loss, reason = "sums and counts are far below the limit")]
    pub fn logits(&self, features: &[u32]) -> Vec<f32> {
        let classes = self.header.classes.len();
        let mut sums = vec![0_i32; classes];
        for feature in features {
            let row = bucket(*feature, self.header.buckets) * classes;
            for (sum, weight) in sums.iter_mut().zip(&self.weights[row..row + classes]) {
                *sum += i32::from(*weight);
            }
        }
        let factor = self.header.scale / (features.len().max(1) as f32).sqrt();
        sums.iter().zip(&self.header.bias).map(|(sum, bias)| *sum as f32 * factor + bias).collect()
    }
}

/// The bucket of a hashed feature.
pub fn bucket(feature: u32, buckets: u32) -> usize {
    (feature & (buckets - 1)) as usize
}

/// Adds a letter to a hash.
pub(crate) fn mix(hash: u32, letter: u32) -> u32 {
    (hash.rotate_left(5) ^ letter).wrapping_mul(0x9E37_79B1)
}

/// Spreads a hash over all its bits, so that the low ones choose the bucket.
pub(crate) fn spread(hash: u32) -> u32 {
    let hash = (hash ^ (hash >> 15)).wrapping_mul(0x85EB_CA6B);
    hash ^ (hash >> 13)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> Header {
        Header {
            name: "test-1".to_owned(),
            classes: vec!["a".to_owned(), "b".to_owned()],
            buckets: 2,
            scale: 0.5,
            bias: vec![0.0, 1.0],
            parameters: [("temperature".to_owned(), 2.0)].into(),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let bytes = Linear::write(&header(), &[1, -2, 3, -4]).unwrap();
        let model = Linear::read(&bytes).unwrap();
        assert_eq!(model.header(), &header());
        assert_eq!(model.logits(&[0]), [0.5, 0.0]);
        assert_eq!(model.logits(&[0, 1, 1, 1]), [2.5, -2.5]);
        assert_eq!(model.logits(&[]), [0.0, 1.0]);
    }

    #[test]
    fn a_broken_file_is_told() {
        let mut bytes = Linear::write(&header(), &[1, -2, 3, -4]).unwrap();
        bytes.pop();
        let error = Linear::read(&bytes).unwrap_err().to_string();
        assert_eq!(error, "model `test-1` has 3 weights instead of 4");
        assert!(Linear::read(b"{").is_err());
    }
}
