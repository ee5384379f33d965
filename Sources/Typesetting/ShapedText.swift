import CPango

/// Text with its glyphs chosen and its lines broken, ready to be put on a page. It belongs to the thread that shaped it.
public final class ShapedText {
    struct Line {
        let glyphs: UnsafeMutablePointer<PangoLayoutLine>
        /// Points.
        let width: Double
    }
    private let layout: OpaquePointer
    let lines: [Line]
    let colour: Colour
    /// From the top of a line to its baseline.
    let baseline: Double
    /// From baseline to baseline, points.
    public let leading: Double
    /// The widest line, points.
    public let width: Double
    /// Characters no installed font has a glyph for.
    public let missingGlyphs: Int

    /// Takes over the layout.
    init(layout: OpaquePointer, style: TextStyle, ascent: Double, descent: Double) {
        self.layout = layout
        var lines: [Line] = []
        var widest = 0.0
        let count = pango_layout_get_line_count(layout)
        lines.reserveCapacity(Int(count))
        for index in 0..<count {
            guard let glyphs = pango_layout_get_line_readonly(layout, index) else { continue }
            var logical = PangoRectangle()
            pango_layout_line_get_extents(glyphs, nil, &logical)
            let width = Double(logical.width) / Double(PANGO_SCALE)
            lines.append(Line(glyphs: glyphs, width: width))
            widest = max(widest, width)
        }
        self.lines = lines
        width = widest
        colour = style.colour
        leading = style.leading
        baseline = (style.leading - ascent - descent) / 2 + ascent
        missingGlyphs = Int(pango_layout_get_unknown_glyphs_count(layout))
    }

    deinit { g_object_unref(UnsafeMutableRawPointer(layout)) }

    public var lineCount: Int { lines.count }
    /// Points.
    public var height: Double { Double(lines.count) * leading }

    /// Draws one line with its baseline at `y`, starting at `x`.
    func draw(_ line: Int, on cairo: OpaquePointer, x: Double, y: Double) {
        cairo_move_to(cairo, x, y)
        pango_cairo_show_layout_line(cairo, lines[line].glyphs)
    }
}
