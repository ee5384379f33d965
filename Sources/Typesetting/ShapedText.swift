import CPango

/// Text with its glyphs chosen and its lines broken, ready to be put on a page. It belongs to the thread that shaped it.
public final class ShapedText {
    /// Glyphs of one font, in visual order; positions from the start of the line.
    struct Run {
        let font: OpaquePointer
        let colour: Colour
        let glyphs: [cairo_glyph_t]
        /// Which bytes of `text` each cluster of glyphs stands for, so that text can be copied and searched.
        let clusters: [cairo_text_cluster_t]
        let text: [CChar]
        let isBackward: Bool
    }
    struct Line {
        let runs: [Run]
        /// Points.
        let width: Double
    }
    let lines: [Line]
    /// From the top of a line to its baseline.
    let baseline: Double
    /// From baseline to baseline, points.
    public let leading: Double
    /// The widest line, points.
    public let width: Double
    /// Characters no installed font has a glyph for.
    public let missingGlyphs: Int

    init(lines: [Line], missingGlyphs: Int, leading: Double, ascent: Double, descent: Double) {
        self.lines = lines
        self.missingGlyphs = missingGlyphs
        self.leading = leading
        width = lines.reduce(0) { max($0, $1.width) }
        baseline = (leading - ascent - descent) / 2 + ascent
    }

    public var lineCount: Int { lines.count }
    /// Points.
    public var height: Double { Double(lines.count) * leading }
}

extension ShapedText.Run {
    /// Draws with the baseline at `y`, the line starting at `x`.
    func draw(on cairo: OpaquePointer, x: Double, y: Double) {
        cairo_set_scaled_font(cairo, font)
        withUnsafeTemporaryAllocation(of: cairo_glyph_t.self, capacity: glyphs.count) { placed in
            for (index, glyph) in glyphs.enumerated() {
                placed.initializeElement(
                    at: index, to: cairo_glyph_t(index: glyph.index, x: x + glyph.x, y: y + glyph.y))
            }
            cairo_show_text_glyphs(
                cairo, text, Int32(text.count), placed.baseAddress, Int32(glyphs.count), clusters,
                Int32(clusters.count),
                isBackward ? CAIRO_TEXT_CLUSTER_FLAG_BACKWARD : cairo_text_cluster_flags_t(0))
        }
    }
}
