import CPango

/// Reads the glyphs out of a pango layout, as pango's own cairo renderer does, so that nothing of pango is kept.
struct LayoutReader {
    let layout: OpaquePointer
    let text: RichText
    let files: FontFiles

    private static let empty: PangoGlyph = 0x0FFF_FFFF
    private static let unknown: PangoGlyph = 0x1000_0000
    private static let scale = Double(PANGO_SCALE)

    func read() -> (lines: [ShapedText.Line], missingGlyphs: Int) {
        guard let bytes = pango_layout_get_text(layout) else { return ([], 0) }
        var missing = 0
        var lines: [ShapedText.Line] = []
        let count = pango_layout_get_line_count(layout)
        lines.reserveCapacity(Int(count))
        for index in 0..<count {
            guard let line = pango_layout_get_line_readonly(layout, index) else { continue }
            lines.append(read(line.pointee, bytes, &missing))
        }
        return (lines, missing)
    }

    private func read(
        _ line: PangoLayoutLine, _ bytes: UnsafePointer<CChar>, _ missing: inout Int
    ) -> ShapedText.Line {
        var runs: [ShapedText.Run] = []
        var position: Int32 = 0
        var link = line.runs
        while let node = link {
            if let item = node.pointee.data?.assumingMemoryBound(to: PangoGlyphItem.self),
                let run = read(item, bytes, &position, &missing)
            {
                runs.append(run)
            }
            link = node.pointee.next
        }
        return ShapedText.Line(runs: runs, width: Double(position) / Self.scale)
    }

    private func read(
        _ item: UnsafeMutablePointer<PangoGlyphItem>, _ bytes: UnsafePointer<CChar>, _ position: inout Int32,
        _ missing: inout Int
    ) -> ShapedText.Run? {
        guard let part = item.pointee.item, let string = item.pointee.glyphs, let infos = string.pointee.glyphs else {
            return nil
        }
        var glyphs: [cairo_glyph_t] = []
        glyphs.reserveCapacity(Int(string.pointee.num_glyphs))
        for index in 0..<Int(string.pointee.num_glyphs) {
            let info = infos[index]
            if let glyph = Self.shown(info.glyph) {
                if info.glyph & Self.unknown != 0 { missing += 1 }
                glyphs.append(
                    cairo_glyph_t(
                        index: glyph, x: Double(position + info.geometry.x_offset) / Self.scale,
                        y: Double(info.geometry.y_offset) / Self.scale))
            }
            position += info.geometry.width
        }
        guard let pangoFont = part.pointee.analysis.font, let font = files.scaledFont(for: pangoFont) else {
            missing += glyphs.count
            return nil
        }
        let isBackward = part.pointee.analysis.level & 1 == 1
        let start = Int(part.pointee.offset)
        let text = UnsafeBufferPointer(start: bytes + start, count: Int(part.pointee.length))
        return ShapedText.Run(
            font: font, colour: colour(at: start), glyphs: glyphs,
            clusters: clusters(of: item, bytes, infos, isBackward: isBackward), text: Array(text),
            isBackward: isBackward)
    }

    /// nil where nothing is drawn; an unknown character is drawn as the font's box for it.
    private static func shown(_ glyph: PangoGlyph) -> UInt? {
        if glyph == empty || glyph == unknown | 0x20 { return nil }
        return glyph & unknown != 0 ? 0 : UInt(glyph)
    }

    private func clusters(
        of item: UnsafeMutablePointer<PangoGlyphItem>, _ bytes: UnsafePointer<CChar>,
        _ infos: UnsafeMutablePointer<PangoGlyphInfo>, isBackward: Bool
    ) -> [cairo_text_cluster_t] {
        var result: [cairo_text_cluster_t] = []
        var iterator = PangoGlyphItemIter()
        var more = pango_glyph_item_iter_init_start(&iterator, item, bytes) != 0
        while more {
            let range =
                isBackward
                ? (iterator.end_glyph + 1)..<(iterator.start_glyph + 1) : iterator.start_glyph..<iterator.end_glyph
            let count = range.reduce(into: Int32(0)) { count, index in
                if Self.shown(infos[Int(index)].glyph) != nil { count += 1 }
            }
            result.append(
                cairo_text_cluster_t(num_bytes: iterator.end_index - iterator.start_index, num_glyphs: count))
            more = pango_glyph_item_iter_next_cluster(&iterator) != 0
        }
        return result
    }

    /// Of the span the byte is in.
    private func colour(at byte: Int) -> Colour {
        guard !text.rest.isEmpty else { return text.first.style.colour }
        var end = 0
        for span in text.spans {
            end += span.text.utf8.count
            if byte < end { return span.style.colour }
        }
        return text.first.style.colour
    }
}
