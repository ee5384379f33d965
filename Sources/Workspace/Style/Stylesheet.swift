/// The one style sheet, put together from pieces by subject. Nothing is styled anywhere else.
enum Stylesheet {
    /// A subject's rules stand in a file of their own; a new one adds a line here.
    static let pieces: [StylePiece] = [
        .base,
        .frame,
        .page,
        .today,
        .table,
        .file,
        .paper,
        .form,
        .list,
        .report,
        StylePiece(rules: WorkingStyle.rules, phone: WorkingStyle.phone, print: WorkingStyle.print),
        StylePiece(rules: CommandsStyle.css),
        StylePiece(rules: ApprovalsStyle.css),
        StylePiece(rules: ImportStyle.css),
        StylePiece(rules: AccessStyle.rules),
    ]

    /// `faces` are the `@font-face` rules of the fonts this machine has. Rules for a width or for paper come behind all others, so
    /// that each piece may count on them.
    static func css(faces: String) -> String {
        func all(_ part: KeyPath<StylePiece, String>) -> String { pieces.map { $0[keyPath: part] }.joined() }
        return faces + ":root{color-scheme:light dark;" + Token.properties(dark: false) + "}"
            + "@media (prefers-color-scheme:dark){:root{" + Token.properties(dark: true) + "}}" + all(\.rules)
            + "@media screen and (max-width:1180px){\n" + all(\.narrow) + "}\n"
            + "@media screen and (max-width:899px){\n" + all(\.phone) + "}\n" + all(\.last)
            + "@media print{\n" + all(\.print) + "}\n"
    }
}

/// The rules of one subject.
struct StylePiece: Sendable {
    /// On any screen.
    let rules: String
    /// Below 1181 pixels.
    var narrow = ""
    /// Below 900 pixels: a telephone.
    var phone = ""
    /// On paper.
    var print = ""
    /// For forced colours and motion: media rules of their own.
    var last = ""
}
