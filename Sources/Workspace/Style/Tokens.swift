/// The colours of the workspace, light and dark: one list, read by the style sheet and by the test of contrast.
struct Token: Sendable {
    let name: String
    let light: UInt32
    let dark: UInt32

    init(_ name: String, _ light: UInt32, _ dark: UInt32) {
        self.name = name
        self.light = light
        self.dark = dark
    }

    static let all: [Token] =
        grounds + texts + [
            Token("line", 0xE5E2DB, 0x2A2C31), Token("line-2", 0xC8C4BA, 0x4A4D55), Token("edge", 0x857F74, 0x747882),
            Token("accent-ink", 0xFFFFFF, 0x10131C),
        ] + ages

    /// What text stands on.
    static let grounds: [Token] = [
        Token("paper", 0xFAF9F6, 0x141518), Token("surface", 0xFFFFFF, 0x1B1C20), Token("sunk", 0xF2F0EA, 0x0F1012),
        Token("accent-soft", 0xEAEEF8, 0x222A42),
    ]
    /// What is written with, on any ground.
    static let texts: [Token] = [
        Token("ink", 0x1A1C20, 0xECEBE6), Token("ink-2", 0x474C54, 0xB9BBC0), Token("ink-3", 0x646972, 0x969AA2),
        Token("accent", 0x2A4B9B, 0x9DB5FF), Token("good", 0x1D6B42, 0x7CCB9B), Token("warn", 0x855300, 0xE3B565),
        Token("bad", 0xA12B1D, 0xF29C8C),
    ]
    /// Ground of a marked line; only ink stands on it.
    static let mark = Token("mark", 0xFFF3C9, 0x3A3318)
    /// Not due, 1–30, 31–60, 61–90, over 90 days; the figures always stand beside.
    static let ages: [Token] = [
        Token("age-0", 0xB9C3D3, 0x4B566A), Token("age-1", 0xEBCB86, 0x80672F), Token("age-2", 0xDC9A45, 0xB98532),
        Token("age-3", 0xBF6228, 0xDE7D47), Token("age-4", 0x862B17, 0xF2664A), mark,
    ]

    /// `--paper:#FAF9F6;…`
    static func properties(dark: Bool) -> String {
        all.map { "--\($0.name):\(hex(dark ? $0.dark : $0.light));" }.joined()
    }

    private static func hex(_ colour: UInt32) -> String {
        let digits = String(colour, radix: 16, uppercase: true)
        return "#" + String(repeating: "0", count: 6 - digits.count) + digits
    }
}
