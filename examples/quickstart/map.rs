//! The map: longitude to the right, latitude upwards, one dot per city.

use crate::cities::City;
use plotters::coord::{Shift, types::RangedCoordf32};
use plotters::prelude::*;
use std::path::Path;

type Map<'a> = ChartContext<'a, BitMapBackend<'a>, Cartesian2d<RangedCoordf32, RangedCoordf32>>;
type Canvas<'a> = DrawingArea<BitMapBackend<'a>, Shift>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

/// Pixels per degree.
const SCALE: u32 = 5;
const MARGIN: u32 = 24;
const NIGHT: RGBColor = RGBColor(9, 11, 22);
const GRATICULE: RGBColor = RGBColor(34, 39, 62);

/// Draws the cities, the densest on top, coloured by the logarithm of their density.
pub(crate) fn draw(path: &Path, cities: &[City], density: &[f32]) -> Drawn {
    let size = (360 * SCALE + 2 * MARGIN, 150 * SCALE + 3 * MARGIN);
    let canvas = BitMapBackend::new(path, size).into_drawing_area();
    canvas.fill(&NIGHT)?;

    // No city lies south of 60°S.
    let area = canvas.margin(MARGIN, 2 * MARGIN, MARGIN, MARGIN);
    let mut map = ChartBuilder::on(&area).build_cartesian_2d(-180f32..180f32, -60f32..90f32)?;
    graticule(&mut map)?;

    // A city alone has density 1: itself.
    let highest = density.iter().copied().fold(1.0, f32::max);
    let shade = |d: f32| d.ln() / highest.ln();
    let mut order: Vec<usize> = (0..cities.len()).collect();
    order.sort_by(|a, b| density[*a].total_cmp(&density[*b]));
    map.draw_series(order.iter().map(|&k| {
        Circle::new((cities[k].longitude, cities[k].latitude), 1, colour(shade(density[k])).filled())
    }))?;

    scale(&canvas, size, [1.0, 10.0, 100.0].map(shade))?;
    canvas.present()?;
    Ok(())
}

/// Meridians and parallels, every 30 degrees.
fn graticule(map: &mut Map<'_>) -> Drawn {
    for longitude in (-180..=180).step_by(30).map(|d| d as f32) {
        map.draw_series(LineSeries::new([(longitude, -60.0), (longitude, 90.0)], &GRATICULE))?;
    }
    for latitude in (-60..=90).step_by(30).map(|d| d as f32) {
        map.draw_series(LineSeries::new([(-180.0, latitude), (180.0, latitude)], &GRATICULE))?;
    }
    Ok(())
}

/// The colours from sparse to dense, under the map, with a tick at each of the shades `ticks`.
fn scale(canvas: &Canvas<'_>, size: (u32, u32), ticks: [f32; 3]) -> Drawn {
    let (width, bottom) = (size.0 as i32, size.1 as i32 - MARGIN as i32);
    let (first, length) = (width / 3, width / 3);
    for step in 0..length {
        let x = first + step;
        let shade = colour(step as f32 / length as f32).filled();
        canvas.draw(&Rectangle::new([(x, bottom - 8), (x + 1, bottom)], shade))?;
    }
    for tick in ticks {
        let x = first + (tick * length as f32) as i32;
        canvas.draw(&PathElement::new([(x, bottom), (x, bottom + 5)], colour(tick)))?;
    }
    Ok(())
}

/// A colour for t from 0 to 1: through violet, red and orange to pale yellow. The path is straight in Oklab, where equal
/// distances look equal, and its lightness grows all along it, so that it reads in greys as well.
fn colour(t: f32) -> RGBColor {
    // Lightness and the two opponent axes: green to red, blue to yellow.
    const STOPS: [[f32; 3]; 5] = [
        [0.46, 0.02, -0.15],
        [0.54, 0.13, -0.11],
        [0.64, 0.18, 0.03],
        [0.79, 0.08, 0.14],
        [0.96, -0.01, 0.10],
    ];
    let place = t.clamp(0.0, 1.0) * (STOPS.len() - 1) as f32;
    let stop = (place as usize).min(STOPS.len() - 2);
    let mixed: [f32; 3] = std::array::from_fn(|k| {
        let (from, to) = (STOPS[stop][k], STOPS[stop + 1][k]);
        from + (to - from) * (place - stop as f32)
    });
    srgb(mixed)
}

/// From Oklab (Ottosson, 2020) to the screen.
fn srgb([lightness, a, b]: [f32; 3]) -> RGBColor {
    let cone = |x: f32, y: f32| (lightness + x * a + y * b).powi(3);
    let (l, m, s) = (
        cone(0.396_337_78, 0.215_803_76),
        cone(-0.105_561_346, -0.063_854_17),
        cone(-0.089_484_18, -1.291_485_5),
    );
    let encode = |linear: f32| {
        let light = linear.clamp(0.0, 1.0);
        let value = if light <= 0.003_130_8 { 12.92 * light } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
        (255.0 * value).round() as u8
    };
    RGBColor(
        encode(4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s),
        encode(-1.268_438 * l + 2.609_757_4 * m - 0.341_319_4 * s),
        encode(-0.004_196_086_3 * l - 0.703_418_6 * m + 1.707_614_7 * s),
    )
}
