import Web

/// The files every page asks for: style, script, icon, and Inter where this machine has it.
struct Assets: Sendable {
    let stylesheet: Asset
    let script: Asset
    let icon: Asset
    let fonts: [Asset]
    var all: [Asset] { [stylesheet, script, icon] + fonts }

    /// `fontFolder` holds `Inter-Regular.otf` and its sisters (Debian's fonts-inter); without it the system's font serves.
    init(fontFolder: String?) {
        var faces = ""
        var fonts: [Asset] = []
        for (file, name, weight) in Assets.weights {
            guard let fontFolder,
                let font = Asset(name: name, ending: "otf", type: "font/otf", file: "\(fontFolder)/\(file)")
            else { continue }
            fonts.append(font)
            faces += "@font-face{font-family:Inter;font-weight:\(weight);font-display:swap;"
            faces += "src:url(\(font.address)) format(\"opentype\")}"
        }
        self.fonts = fonts
        stylesheet = Asset(
            name: "duly", ending: "css", type: "text/css; charset=utf-8", body: Array(Stylesheet.css(faces: faces).utf8)
        )
        script = Asset(
            name: "duly", ending: "js", type: "text/javascript; charset=utf-8", body: Array(Script.source.utf8))
        icon = Asset(name: "duly", ending: "svg", type: "image/svg+xml", body: Array(Assets.dot.utf8))
    }

    private static let weights: [(file: String, name: StaticString, weight: Int)] = [
        ("Inter-Regular.otf", "inter-400", 400), ("Inter-Medium.otf", "inter-500", 500),
        ("Inter-SemiBold.otf", "inter-600", 600),
    ]
    private static let dot = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#2A4B9B"/>\
        <path d="M9 7h6a9 9 0 0 1 0 18H9z" fill="none" stroke="#fff" stroke-width="3.4"/>\
        <circle cx="25.5" cy="24" r="2.6" fill="#9DB5FF"/></svg>
        """
}
