import CPango
import Money

/// What a document says about itself.
public struct DocumentInfo: Hashable, Sendable {
    public var title: String
    public var author: String
    /// BCP 47, such as `de` or `en-GB`.
    public var language: String
    /// Given, never read from a clock, so that the same paper is the same bytes again.
    public var created: Instant

    public init(title: String, author: String, language: String, created: Instant) {
        self.title = title
        self.author = author
        self.language = language
        self.created = created
    }

    /// To the second.
    var createdText: String { created.description.prefix(19) + "Z" }
}

/// A finished PDF.
public struct PDFFile: Hashable, Sendable {
    public let bytes: [UInt8]
    public let pageCount: Int
    /// Characters that no installed font could show; 0 on a machine with the fonts of the set-up.
    public let missingGlyphs: Int
}

/// The PDF library could not finish (out of memory, broken fonts): an outage, not a refusal.
public struct TypesettingFailure: Error, Hashable, Sendable {
    public let reason: String
}

extension Composition {
    /// Paints the pages: tagged, fonts embedded as subsets. The same composition gives the same bytes.
    public func pdf(_ info: DocumentInfo) throws(TypesettingFailure) -> PDFFile {
        let sink = Sink()
        let surface = cairo_pdf_surface_create_for_stream(
            { target, bytes, count in
                guard let target, let bytes else { return CAIRO_STATUS_WRITE_ERROR }
                Unmanaged<Sink>.fromOpaque(target).takeUnretainedValue().bytes
                    .append(contentsOf: UnsafeBufferPointer(start: bytes, count: Int(count)))
                return CAIRO_STATUS_SUCCESS
            }, Unmanaged.passUnretained(sink).toOpaque(), width, height)
        defer { cairo_surface_destroy(surface) }
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, info.title)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, info.author)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Duly")
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, info.createdText)
        guard let cairo = cairo_create(surface) else { throw TypesettingFailure(reason: "no drawing context") }
        var painter = Painter(cairo: cairo)
        painter.open(.document)
        for page in pages {
            for mark in page { painter.paint(mark) }
            cairo_show_page(cairo)
        }
        painter.close(.document)
        let drawn = cairo_status(cairo)
        cairo_destroy(cairo)
        cairo_surface_finish(surface)
        let written = cairo_surface_status(surface)
        for status in [drawn, written] where status != CAIRO_STATUS_SUCCESS {
            throw TypesettingFailure(reason: String(cString: cairo_status_to_string(status)))
        }
        let completion = PDFCompletion(info: info, headsRow: painter.headsRow, figureTexts: painter.figureTexts)
        return PDFFile(
            bytes: completion.applied(to: sink.bytes), pageCount: pages.count, missingGlyphs: painter.missingGlyphs)
    }

    private final class Sink {
        var bytes: [UInt8] = []
        init() { bytes.reserveCapacity(65_536) }
    }
}

/// Draws marks, changing the colour only where it changes.
private struct Painter {
    let cairo: OpaquePointer
    private var colour: Colour?
    private(set) var missingGlyphs = 0
    private(set) var headsRow: [Bool] = []
    private(set) var figureTexts: [String] = []

    init(cairo: OpaquePointer) { self.cairo = cairo }

    mutating func paint(_ mark: Composition.Mark) {
        switch mark {
        case .open(let tag): open(tag)
        case .close(let tag): close(tag)
        case .text(let text, let lines, let x, let y, let edge): paint(text, lines: lines, x: x, y: y, edge)
        case .fill(let x, let y, let width, let height, let colour):
            use(colour)
            cairo_rectangle(cairo, x, y, width, height)
            cairo_fill(cairo)
        case .code(let code, let words, let x, let y, let side):
            figureTexts.append(words)
            use(.black)
            let module = side / Double(code.side)
            code.forEachRun { row, column, count in
                cairo_rectangle(
                    cairo, x + Double(column) * module, y + Double(row) * module, Double(count) * module, module)
            }
            cairo_fill(cairo)
        }
    }

    mutating func open(_ tag: Composition.Tag) {
        if tag == .headCell || tag == .rowHeadCell { headsRow.append(tag == .rowHeadCell) }
        cairo_tag_begin(cairo, tag.name, nil)
    }
    func close(_ tag: Composition.Tag) { cairo_tag_end(cairo, tag.name) }

    private mutating func paint(
        _ text: ShapedText, lines: Range<Int>, x: Double, y: Double, _ edge: Composition.Edge
    ) {
        missingGlyphs += text.missingGlyphs
        var top = y
        for line in lines {
            let start = edge == .left ? x : x - text.lines[line].width
            for run in text.lines[line].runs {
                use(run.colour)
                run.draw(on: cairo, x: start, y: top + text.baseline)
            }
            top += text.leading
        }
    }

    private mutating func use(_ wanted: Colour) {
        guard wanted != colour else { return }
        colour = wanted
        cairo_set_source_rgb(cairo, Double(wanted.red) / 255, Double(wanted.green) / 255, Double(wanted.blue) / 255)
    }
}
