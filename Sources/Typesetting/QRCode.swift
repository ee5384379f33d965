import CQREncode

/// A QR code, drawn as vector. Error correction M (15 %), byte mode.
public struct QRCode: Hashable, Sendable {
    /// Modules along one side, without the quiet zone: 21 for version 1, four more for each version.
    public let side: Int
    /// Row by row; true is dark.
    public let modules: [Bool]
    public var version: Int { (side - 17) / 4 }

    /// nil where the bytes do not fit a code of at most `version` (1 to 40).
    public init?(_ bytes: [UInt8], atMost version: Int = 40) {
        guard !bytes.isEmpty,
            let code = bytes.withUnsafeBufferPointer({
                QRcode_encodeData(Int32($0.count), $0.baseAddress, 0, QR_ECLEVEL_M)
            })
        else { return nil }
        defer { QRcode_free(code) }
        guard Int(code.pointee.version) <= version else { return nil }
        side = Int(code.pointee.width)
        modules = UnsafeBufferPointer(start: code.pointee.data, count: side * side).map { $0 & 1 == 1 }
    }

    /// Runs of dark modules: row, first column, count. Fewer shapes make a smaller file, and no seams between modules.
    func forEachRun(_ body: (_ row: Int, _ column: Int, _ count: Int) -> Void) {
        for row in 0..<side {
            var column = 0
            while column < side {
                guard modules[row * side + column] else {
                    column += 1
                    continue
                }
                let start = column
                while column < side, modules[row * side + column] { column += 1 }
                body(row, start, column - start)
            }
        }
    }
}
