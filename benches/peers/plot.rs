//! Log-log plots.

use crate::measure::{OURS, Outcome, Row};
use plotters::prelude::*;
use std::error::Error;
use std::path::Path;

const SIZE: (u32, u32) = (900, 600);
/// Colours that differ in lightness too: Okabe and Ito's, with grey and brown for yellow. As many as there are others.
const COLOURS: [RGBColor; 8] = [
    RGBColor(213, 94, 0),
    RGBColor(0, 114, 178),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(230, 159, 0),
    RGBColor(110, 110, 110),
    RGBColor(120, 40, 31),
];

/// Draws the CPU time of each library over `Outcome::at`, where its answer is right.
pub(crate) fn draw(path: &Path, title: &str, axis: &str, outcomes: &[Outcome]) -> Result<(), Box<dyn Error>> {
    let mut names: Vec<&'static str> = vec![];
    for row in outcomes.iter().flat_map(|o| &o.rows).filter(|r| r.times.count() > 0 && r.agrees()) {
        if !names.contains(&row.name) {
            names.push(row.name);
        }
    }
    let points = |name: &str| -> Vec<(f64, f64)> {
        let right = outcomes.iter().filter(|o| o.of(name).is_some_and(Row::agrees));
        right.filter_map(|o| Some((o.at, 1e3 * o.least(name)?))).collect()
    };
    let all: Vec<(f64, f64)> = names.iter().flat_map(|name| points(name)).collect();
    let range = |values: &[f64]| {
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        (0.8 * least)..(1.25 * most)
    };
    let across = range(&all.iter().map(|p| p.0).collect::<Vec<_>>());
    let up = range(&all.iter().map(|p| p.1).collect::<Vec<_>>());

    let canvas = SVGBackend::new(path, SIZE).into_drawing_area();
    canvas.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&canvas)
        .caption(title, ("sans-serif", 20))
        .margin(12)
        .x_label_area_size(40)
        .y_label_area_size(70)
        .build_cartesian_2d(across.log_scale(), up.log_scale())?;
    chart
        .configure_mesh()
        .x_desc(axis)
        .y_desc("CPU time, ms")
        .x_label_formatter(&|x| x.to_string())
        .y_label_formatter(&|y| y.to_string())
        .light_line_style(RGBColor(238, 238, 238))
        .bold_line_style(RGBColor(215, 215, 215))
        .draw()?;
    for (k, name) in names.iter().enumerate() {
        let colour = if *name == OURS { BLACK } else { COLOURS[k % COLOURS.len()] };
        let style = colour.stroke_width(if *name == OURS { 3 } else { 1 });
        chart
            .draw_series(LineSeries::new(points(name), style))?
            .label(if *name == OURS { "this library" } else { name })
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 24, y)], style));
        chart.draw_series(points(name).into_iter().map(|p| Circle::new(p, 3, colour.filled())))?;
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.8))
        .border_style(RGBColor(160, 160, 160))
        .draw()?;
    canvas.present()?;
    Ok(())
}
