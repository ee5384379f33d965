import CPango

/// The font files a thread has opened for itself. cairo 1.16 keeps the faces it opens in one list for all threads, and closes
/// one while another thread begins to use it; faces that are opened here are not in that list and are used by no one else.
final class FontFiles {
    private struct Place: Hashable {
        let file: String
        let index: Int32
    }
    private var library: FT_Library?
    private var faces: [Place: OpaquePointer] = [:]
    private var scaled: [OpaquePointer: OpaquePointer] = [:]
    private static let closing = UnsafeKey()

    /// A key is told by its address, which never changes.
    private final class UnsafeKey: Sendable {
        private let bytes: Int
        init() { bytes = Int(bitPattern: UnsafeMutablePointer<cairo_user_data_key_t>.allocate(capacity: 1)) }
        var pointer: UnsafePointer<cairo_user_data_key_t>? { UnsafePointer(bitPattern: bytes) }
    }

    init() { FT_Init_FreeType(&library) }

    deinit {
        for (font, scaledFont) in scaled {
            cairo_scaled_font_destroy(scaledFont)
            g_object_unref(UnsafeMutableRawPointer(font))
        }
        for face in faces.values { cairo_font_face_destroy(face) }
        // The library stays: cairo may still hold a face of it.
    }

    /// The same file, face and size as a font of pango; nil where the file cannot be opened. The caller holds pango's lock.
    func scaledFont(for font: UnsafeMutablePointer<PangoFont>) -> OpaquePointer? {
        let key = OpaquePointer(font)
        if let known = scaled[key] { return known }
        // With this font map every font is one of fontconfig.
        let pattern = pango_fc_font_get_pattern(UnsafeMutablePointer(key))
        var file: UnsafeMutablePointer<FcChar8>?
        var index: Int32 = 0
        var size = 0.0
        guard FcPatternGetString(pattern, FC_FILE, 0, &file) == FcResultMatch, let file,
            FcPatternGetDouble(pattern, FC_PIXEL_SIZE, 0, &size) == FcResultMatch
        else { return nil }
        FcPatternGetInteger(pattern, FC_INDEX, 0, &index)
        guard let face = face(Place(file: String(cString: file), index: index)) else { return nil }
        var matrix = cairo_matrix_t()
        cairo_matrix_init_scale(&matrix, size, size)
        var identity = cairo_matrix_t()
        cairo_matrix_init_identity(&identity)
        let options = cairo_font_options_create()
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
        defer { cairo_font_options_destroy(options) }
        guard let made = cairo_scaled_font_create(face, &matrix, &identity, options) else { return nil }
        // Held, so that its address means this font as long as it is a key.
        g_object_ref(UnsafeMutableRawPointer(font))
        scaled[key] = made
        return made
    }

    private func face(_ place: Place) -> OpaquePointer? {
        if let known = faces[place] { return known }
        var opened: FT_Face?
        guard FT_New_Face(library, place.file, FT_Long(place.index), &opened) == 0, let opened,
            let face = cairo_ft_font_face_create_for_ft_face(opened, 0)
        else { return nil }
        cairo_font_face_set_user_data(face, Self.closing.pointer, UnsafeMutableRawPointer(opened)) { opened in
            if let opened { FT_Done_Face(opened.assumingMemoryBound(to: FT_FaceRec_.self)) }
        }
        faces[place] = face
        return face
    }
}
