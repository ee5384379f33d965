import CPango
import Glibc
import Synchronization

/// Shapes text through pango. There is one for each thread, since a pango font map belongs to one thread; it keeps what costs
/// time to find again: fonts, and the shaped form of texts seen lately.
final class Typesetter {
    /// Held wherever pango or fontconfig run: pango measures through cairo's list of faces, which threads must not use at the
    /// same time (see `FontFiles`). Nothing that is called while it is held takes it again. Painting needs no lock.
    private static let pango = Mutex(())
    private let files = FontFiles()
    private let context: OpaquePointer
    private let attributes: OpaquePointer
    private let language: OpaquePointer?
    private var fonts: [FontKey: Font] = [:]
    /// Two generations: when the young one is full it becomes the old one, and what is used again comes back from there.
    private var young: [TextKey: ShapedText] = [:]
    private var old: [TextKey: ShapedText] = [:]
    private static let generation = 2_000

    private struct FontKey: Hashable {
        let size: Int32
        let weight: TextStyle.Weight
        let han: HanForms
    }

    private struct TextKey: Hashable {
        let text: RichText
        let width: Int32
        let han: HanForms
    }

    private struct Font {
        let description: OpaquePointer
        /// Of the first family, in points, so that a line keeps its baseline whatever scripts stand on it.
        let ascent: Double
        let descent: Double
    }

    /// The key under which each thread keeps its own; let go when the thread ends.
    private static let slot: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key) { kept in
            if let kept { Unmanaged<Typesetter>.fromOpaque(kept).release() }
        }
        return key
    }()

    /// The calling thread's own. Not to be carried to another thread: nothing here outlives one synchronous call.
    static var ofThisThread: Typesetter {
        if let kept = pthread_getspecific(slot) { return Unmanaged.fromOpaque(kept).takeUnretainedValue() }
        let made = Typesetter()
        pthread_setspecific(slot, Unmanaged.passRetained(made).toOpaque())
        return made
    }

    private init() {
        var made: (context: OpaquePointer, attributes: OpaquePointer, language: OpaquePointer?)?
        Self.pango.withLock { _ in made = Self.makeContext() }
        // The closure above always runs.
        (context, attributes, language) = made!
    }

    private static func makeContext() -> (OpaquePointer, OpaquePointer, OpaquePointer?) {
        let map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT)
        let context: OpaquePointer = pango_font_map_create_context(map)
        if let map { g_object_unref(UnsafeMutableRawPointer(map)) }
        pango_cairo_context_set_resolution(context, 72)
        // Paper is not a screen: glyphs stand where the font puts them, not on a grid of pixels.
        pango_context_set_round_glyph_positions(context, 0)
        let options = cairo_font_options_create()
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
        pango_cairo_context_set_font_options(context, options)
        cairo_font_options_destroy(options)
        // The same on every machine, whatever its locale.
        let language = pango_language_from_string("en")
        pango_context_set_language(context, language)
        let attributes: OpaquePointer = pango_attr_list_new()
        pango_attr_list_insert(attributes, pango_attr_font_features_new("tnum"))
        // A number broken over two lines must not gain a hyphen.
        pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(0))
        return (context, attributes, language)
    }

    deinit {
        Self.pango.withLock { _ in
            for font in fonts.values { pango_font_description_free(font.description) }
            pango_attr_list_unref(attributes)
            g_object_unref(UnsafeMutableRawPointer(context))
        }
    }

    /// Shapes `text`, broken to lines of at most `width` points (nil: only at `\n`).
    func shape(_ text: RichText, width: Double?, han: HanForms) -> ShapedText {
        let key = TextKey(text: text, width: width.map { Int32(max($0, 1) * Double(PANGO_SCALE)) } ?? -1, han: han)
        if let known = young[key] { return known }
        let shaped = old[key] ?? locked(text, width: key.width, han: han)
        if young.count >= Self.generation {
            old = young
            young.removeAll(keepingCapacity: true)
        }
        young[key] = shaped
        return shaped
    }

    private func locked(_ text: RichText, width: Int32, han: HanForms) -> ShapedText {
        var shaped: ShapedText?
        Self.pango.withLock { _ in shaped = lay(text, width: width, han: han) }
        return shaped!
    }

    private func lay(_ text: RichText, width: Int32, han: HanForms) -> ShapedText {
        let style = text.first.style
        var words = text.rest.isEmpty ? text.first.text : text.spans.map(\.text).joined()
        words = Self.printable(words)
        let font = font(for: style, han: HanForms(of: words) ?? han)
        let layout: OpaquePointer = pango_layout_new(context)
        pango_layout_set_font_description(layout, font.description)
        words.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                pango_layout_set_text(layout, $0.baseAddress, Int32($0.count))
            }
        }
        if text.rest.isEmpty {
            pango_layout_set_attributes(layout, attributes)
        } else {
            let list = attributes(of: text)
            pango_layout_set_attributes(layout, list)
            pango_attr_list_unref(list)
        }
        if width >= 0 {
            pango_layout_set_width(layout, width)
            pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
        }
        defer { g_object_unref(UnsafeMutableRawPointer(layout)) }
        let (lines, missing) = LayoutReader(layout: layout, text: text, files: files).read()
        return ShapedText(
            lines: lines, missingGlyphs: missing, leading: style.leading, ascent: font.ascent, descent: font.descent)
    }

    /// Size, weight and colour of the spans after the first, over their bytes.
    private func attributes(of text: RichText) -> OpaquePointer {
        let list: OpaquePointer = pango_attr_list_copy(attributes)
        var start: UInt32 = 0
        let first = text.first.style
        for span in text.spans {
            let end = start + UInt32(span.text.utf8.count)
            func add(_ attribute: UnsafeMutablePointer<PangoAttribute>?) {
                attribute?.pointee.start_index = start
                attribute?.pointee.end_index = end
                pango_attr_list_insert(list, attribute)
            }
            if span.style.size != first.size { add(pango_attr_size_new(Self.units(span.style.size))) }
            if span.style.weight != first.weight {
                add(pango_attr_weight_new(PangoWeight(UInt32(span.style.weight.rawValue))))
            }
            if span.style.colour != first.colour {
                let colour = span.style.colour
                add(
                    pango_attr_foreground_new(
                        UInt16(colour.red) * 257, UInt16(colour.green) * 257, UInt16(colour.blue) * 257))
            }
            start = end
        }
        return list
    }

    private func font(for style: TextStyle, han: HanForms) -> Font {
        let key = FontKey(size: Self.units(style.size), weight: style.weight, han: han)
        if let known = fonts[key] { return known }
        let description: OpaquePointer = pango_font_description_from_string(han.families)
        pango_font_description_set_weight(description, PangoWeight(UInt32(style.weight.rawValue)))
        pango_font_description_set_size(description, key.size)
        let metrics = pango_context_get_metrics(context, description, language)
        let font = Font(
            description: description,
            ascent: Double(pango_font_metrics_get_ascent(metrics)) / Double(PANGO_SCALE),
            descent: Double(pango_font_metrics_get_descent(metrics)) / Double(PANGO_SCALE))
        pango_font_metrics_unref(metrics)
        fonts[key] = font
        return font
    }

    private static func units(_ points: Double) -> Int32 { Int32((points * Double(PANGO_SCALE)).rounded()) }

    /// The text without control characters (a tab or a NUL from a file would print as a box), as many bytes as before.
    private static func printable(_ text: String) -> String {
        guard text.utf8.contains(where: { ($0 < 0x20 && $0 != 0x0A) || $0 == 0x7F }) else { return text }
        return String(decoding: text.utf8.map { ($0 < 0x20 && $0 != 0x0A) || $0 == 0x7F ? 0x20 : $0 }, as: UTF8.self)
    }
}
