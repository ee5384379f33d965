import Web

/// `/places`: every place, who is signed in, and the language, for a telephone, where the rail has no room for them.
struct PlacesPage {
    let shell: Shell
    private var say: Voice { shell.reader.say }

    func render() -> HTML {
        shell.page(say("Places", "Bereiche"), at: .places) { html in
            html("h1", text: say("Places", "Bereiche"))
            html("ul", .class("doors")) { html in
                for place in Place.onRail {
                    html("li") { html in
                        html("a", .href(shell.reader.place(place)), .flag("data-row")) { html in
                            html.icon(place.icon)
                            html("span", text: place.words(say))
                        }
                    }
                }
            }
            html("div", .class("doors-foot")) { html in
                shell.languageSwitch(&html)
                shell.person(&html)
            }
        }
    }
}

extension Pages {
    func places(_ request: WebRequest) async throws -> WebResponse {
        guard request.suffix == nil else { throw WebProblem.notFound }
        return .html(PlacesPage(shell: shell(request)).render())
    }
}
