//! The world's cities, from the file in `examples/data`.

use flate2::read::GzDecoder;
use std::io::Read;

/// A city: longitude and latitude in degrees.
pub(crate) struct City {
    /// Its name.
    pub(crate) name: String,
    /// Degrees east.
    pub(crate) longitude: f32,
    /// Degrees north.
    pub(crate) latitude: f32,
}

impl City {
    /// The point of the unit sphere.
    pub(crate) fn on_sphere(&self) -> [f32; 3] {
        let (sin_lat, cos_lat) = self.latitude.to_radians().sin_cos();
        let (sin_lon, cos_lon) = self.longitude.to_radians().sin_cos();
        [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat]
    }
}

/// Reads all cities.
pub(crate) fn read() -> Result<Vec<City>, Box<dyn std::error::Error>> {
    let compressed: &[u8] = include_bytes!("../data/world_cities.csv.gz");
    let mut text = String::new();
    GzDecoder::new(compressed).read_to_string(&mut text)?;
    text.lines().skip(1).map(parse).collect()
}

/// A line is `name,latitude,longitude`; a name that holds commas is in quotes.
fn parse(line: &str) -> Result<City, Box<dyn std::error::Error>> {
    let mut fields = line.rsplitn(3, ',');
    let mut field = || fields.next().ok_or_else(|| format!("three fields expected: {line}"));
    let (longitude, latitude, name) = (field()?.parse()?, field()?.parse()?, field()?);
    Ok(City { name: name.trim_matches('"').to_owned(), longitude, latitude })
}
