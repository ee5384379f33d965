import CZip

/// Records of one sheet of a workbook, straight from the deflated file: a row is a record under its own number, numbers have their
/// exact decimals, days are written year-month-day. Rows without content do not count as rows; merged cells have their text in the
/// first; what is hidden is read like the rest.
final class SheetRecords: RecordSource {
    let buffer: RecordBuffer
    private let archive: WorkbookArchive
    private let sheet: OpaquePointer
    private let workbook: Workbook
    /// Cells every record has at least; those beyond the headings only where something stands in them.
    private let width: Int
    /// Bytes the entry unpacks to and the file has, for progress.
    private let unpacked: Int64
    private let size: Int64
    private var used = 0

    init(file: Int32, size: Int64, workbook: Workbook, width: Int = 0) throws(TableProblems) {
        archive = try WorkbookArchive(file: file, size: size)
        var entry = czip_entry()
        guard czip_look(archive.handle, workbook.entry, &entry),
            let sheet = czip_open_sheet(archive.handle, workbook.entry, Workbook.mostSheet)
        else { throw .workbook(.damaged) }
        self.sheet = sheet
        self.workbook = workbook
        self.width = width
        self.size = size
        unpacked = max(entry.size, 1)
        buffer = RecordBuffer()
    }
    deinit { czip_close_sheet(sheet) }

    func next() throws(TableProblems) -> Bool {
        var row = czip_row()
        let status = czip_next_row(sheet, &row)
        buffer.reported = min(size, Int64(Int128(czip_sheet_position(sheet)) * Int128(size) / Int128(unpacked)))
        guard Int(status) == CZIP_ROW else {
            guard Int(status) == CZIP_DONE else {
                throw .workbook(WorkbookFault(status), after: buffer.record == 0 ? nil : buffer.record)
            }
            return false
        }
        buffer.record = Int(row.number)
        begin(row)
        for index in 0..<Int(row.count) {
            let cell = row.cells[index]
            guard Int(cell.column) < RecordBuffer.columnLimit else { break }
            let text = UnsafeBufferPointer(start: row.text.map { $0 + Int(cell.from) }, count: Int(cell.length))
            try put(cell, text)
        }
        return true
    }

    private func begin(_ row: czip_row) {
        used = 0
        buffer.flags = 0
        let filled = row.count == 0 ? 0 : Int(row.cells[Int(row.count) - 1].column) + 1
        buffer.width = max(width, filled)
        buffer.cellCount = min(buffer.width, RecordBuffer.columnLimit)
        for index in 0..<buffer.cellCount { buffer.cells[index] = Cell() }
    }

    private func put(_ cell: czip_cell, _ text: UnsafeBufferPointer<UInt8>) throws(TableProblems) {
        switch cell.type {
        case UInt8(ascii: "n"): try number(cell, text)
        case UInt8(ascii: "s"): try shared(cell, text)
        case UInt8(ascii: "b"):
            try put(text.first == UInt8(ascii: "0") || text.first == UInt8(ascii: "f") ? "false" : "true", cell)
        case UInt8(ascii: "e"), UInt8(ascii: "f"): try put(text, cell, Cell.fault)
        default: try put(text, cell, Self.textFlags(text))
        }
    }

    private func number(_ cell: czip_cell, _ text: UnsafeBufferPointer<UInt8>) throws(TableProblems) {
        let place = Int(cell.style)
        let style = workbook.styles.indices.contains(place) ? workbook.styles[place] : .plain
        if style == .plain, Self.isShort(text) { return try put(text, cell, Cell.number) }
        guard let number = SheetNumber(text) else { return try put(text, cell, Self.textFlags(text)) }
        switch style {
        case .plain: try put(number.text, cell, Cell.number)
        case .percent: try put(number.hundredfold.text + [UInt8(ascii: "%")], cell, Cell.number)
        case .moment:
            guard let day = workbook.calendar.text(number) else { return try put(number.text, cell, Cell.fault) }
            try put(day, cell)
        }
    }

    /// A whole number or a fraction of few digits without zeros at its ends: already as it should be.
    private static func isShort(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var point = -1
        let from = text.first == UInt8(ascii: "-") ? 1 : 0
        guard text.count > from, text.count <= SheetNumber.significant else { return false }
        for index in from..<text.count {
            if text[index] == UInt8(ascii: "."), point < 0 {
                point = index
            } else if text[index] < 48 || text[index] > 57 {
                return false
            }
        }
        if text[from] == 48, text.count > from + 1, point != from + 1 { return false }
        if text[from] == 48, from == 1 { return false }
        return point < 0 || (point > from && point < text.count - 1 && text[text.count - 1] != 48)
    }

    private func shared(_ cell: czip_cell, _ text: UnsafeBufferPointer<UInt8>) throws(TableProblems) {
        let index = Int(String(decoding: text, as: UTF8.self)) ?? -1
        let done = workbook.strings.with(index) { text -> Result<Void, TableProblems> in
            do throws(TableProblems) {
                try put(text, cell, Self.textFlags(text))
                return .success(())
            } catch { return .failure(error) }
        }
        guard let done else { throw .workbook(.damaged, after: buffer.record) }
        try done.get()
    }

    private static func textFlags(_ text: UnsafeBufferPointer<UInt8>) -> UInt8 {
        var flags: UInt8 = text.count > RecordBuffer.fieldLimit ? Cell.tooLong : 0
        for byte in text where byte < 32 && byte != 9 && byte != 10 && byte != 13 { flags |= Cell.control }
        return flags
    }

    private func put(_ text: String, _ cell: czip_cell) throws(TableProblems) {
        try put(Array(text.utf8), cell, 0)
    }
    private func put(_ bytes: [UInt8], _ cell: czip_cell, _ flags: UInt8) throws(TableProblems) {
        let done = bytes.withUnsafeBufferPointer { bytes -> Result<Void, TableProblems> in
            do throws(TableProblems) {
                try put(bytes, cell, flags)
                return .success(())
            } catch { return .failure(error) }
        }
        try done.get()
    }
    private func put(
        _ text: UnsafeBufferPointer<UInt8>, _ cell: czip_cell, _ flags: UInt8
    ) throws(TableProblems) {
        guard used + text.count <= RecordBuffer.recordLimit else {
            throw .workbook(.rowTooLong, after: buffer.record - 1)
        }
        if let start = text.baseAddress { (buffer.bytes + used).update(from: start, count: text.count) }
        buffer.cells[Int(cell.column)] = Cell(
            start: Int32(truncatingIfNeeded: used), end: Int32(truncatingIfNeeded: used + text.count), flags: flags)
        buffer.flags |= flags
        used += text.count
    }
}
