//! Multinomial logistic regression over hashed features, by AdaGrad (Duchi, Hazan and Singer 2011).
//!
//! Examples come in an order that a fixed hash gives, on one thread, so the same data give the same weights.

use siaga_analysis::learned::bucket;

/// A text as hashed features, and its class.
#[derive(Clone, Debug)]
pub(crate) struct Example {
    /// Hashed features.
    pub features: Vec<u32>,
    /// Number of the class.
    pub class: usize,
}

/// How to train.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Training {
    /// Number of buckets, a power of two.
    pub buckets: u32,
    /// Passes over the examples.
    pub epochs: u32,
    /// Step width.
    pub rate: f32,
    /// Pull of each weight that is touched towards zero.
    pub decay: f32,
}

/// Weights by bucket and class, and a bias a class.
#[derive(Debug)]
pub(crate) struct Weights {
    /// By bucket, then by class.
    pub weights: Vec<f32>,
    /// By class.
    pub bias: Vec<f32>,
}

/// Trains on examples of `classes` classes.
pub(crate) fn train(examples: &[Example], classes: usize, how: Training) -> Weights {
    let size = how.buckets as usize * classes;
    let mut weights = Weights { weights: vec![0.0; size], bias: vec![0.0; classes] };
    let mut squares = vec![1e-6_f32; size];
    let mut bias_squares = vec![1e-6_f32; classes];
    for epoch in 0..how.epochs {
        for number in order(examples.len(), epoch) {
            let example = &examples[number];
            let norm = 1.0 / (example.features.len().max(1) as f32).sqrt();
            let mut errors = softmax(&logits(&weights, example, classes, how.buckets, norm));
            errors[example.class] -= 1.0;
            for (class, error) in errors.iter().enumerate() {
                bias_squares[class] += error * error;
                weights.bias[class] -= how.rate * error / bias_squares[class].sqrt();
            }
            for feature in &example.features {
                let row = bucket(*feature, how.buckets) * classes;
                for (class, error) in errors.iter().enumerate() {
                    let at = row + class;
                    let gradient = error * norm + how.decay * weights.weights[at];
                    squares[at] += gradient * gradient;
                    weights.weights[at] -= how.rate * gradient / squares[at].sqrt();
                }
            }
        }
    }
    weights
}

fn logits(weights: &Weights, example: &Example, classes: usize, buckets: u32, norm: f32) -> Vec<f32> {
    let mut sums = vec![0.0_f32; classes];
    for feature in &example.features {
        let row = bucket(*feature, buckets) * classes;
        for (sum, weight) in sums.iter_mut().zip(&weights.weights[row..row + classes]) {
            *sum += weight;
        }
    }
    sums.iter().zip(&weights.bias).map(|(sum, bias)| sum * norm + bias).collect()
}

fn softmax(logits: &[f32]) -> Vec<f32> {
    let most = logits.iter().copied().fold(f32::MIN, f32::max);
    let powers: Vec<f32> = logits.iter().map(|l| (l - most).exp()).collect();
    let sum: f32 = powers.iter().sum();
    powers.iter().map(|p| p / sum).collect()
}

/// Numbers below `length` in an order that only `length` and `epoch` decide.
pub(crate) fn order(length: usize, epoch: u32) -> Vec<usize> {
    let mut numbers: Vec<usize> = (0..length).collect();
    numbers.sort_by_key(|n| {
        (*n as u64 + 1)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .rotate_left(17 + 7 * epoch)
            .wrapping_mul(0xD6E8_FEB8_6659_FD93)
    });
    numbers
}

/// Weights in units that fit a byte, and the unit.
pub(crate) fn quantise(weights: &[f32]) -> (Vec<i8>, f32) {
    // A few outliers would make the unit coarse for all others: they are cut.
    let mut sizes: Vec<f32> = weights.iter().map(|w| w.abs()).filter(|w| *w > 0.0).collect();
    sizes.sort_by(f32::total_cmp);
    let most = sizes.get(sizes.len().saturating_mul(9_999) / 10_000).copied().unwrap_or(1.0);
    let unit = most / 127.0;
    (weights.iter().map(|w| (w / unit).round().clamp(-127.0, 127.0) as i8).collect(), unit)
}
