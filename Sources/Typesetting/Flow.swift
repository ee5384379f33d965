/// A cursor that runs down a page and on to the next.
public final class Flow {
    public let pages: Composition
    /// Top of what comes next.
    public var y: Double
    public let left: Double
    public let right: Double
    /// Where the text area ends, on every page.
    public let bottom: Double
    /// Where it begins on the pages after the first.
    public let nextTop: Double
    public var width: Double { right - left }
    /// What is left of this page.
    public var room: Double { bottom - y }

    public init(
        _ pages: Composition, y: Double, left: Double, right: Double, bottom: Double, nextTop: Double
    ) {
        self.pages = pages
        self.y = y
        self.left = left
        self.right = right
        self.bottom = bottom
        self.nextTop = nextTop
    }

    public func newPage() {
        pages.newPage()
        y = nextTop
    }

    /// Starts a new page unless `height` fits on this one. A height no page can hold starts one all the same.
    public func need(_ height: Double) {
        if y + height > bottom + 0.01, y > nextTop { newPage() }
    }

    /// Sets a paragraph, broken over pages where it must be, with at least two lines on each side.
    public func paragraph(
        _ text: RichText, as tag: Composition.Tag = .paragraph, indent: Double = 0, width: Double? = nil,
        spaceAfter: Double = 0
    ) {
        let shaped = pages.shape(text, width: width ?? (self.width - indent))
        var line = 0
        while line < shaped.lineCount {
            let left = shaped.lineCount - line
            var fitting = min(left, Int((room + 0.01) / shaped.leading))
            if fitting < left, left - fitting < 2 { fitting = left - 2 }
            if fitting < min(2, left) {
                guard y <= nextTop else {
                    newPage()
                    continue
                }
                fitting = min(left, 2)
            }
            pages.open(tag)
            pages.put(shaped, lines: line..<(line + fitting), x: self.left + indent, y: y)
            pages.close(tag)
            y += Double(fitting) * shaped.leading
            line += fitting
            if line < shaped.lineCount { newPage() }
        }
        y += spaceAfter
    }
}
