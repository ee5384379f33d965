import Web

/// One address of the API, as the readable page lists it.
public struct APIOperation: Sendable {
    public let method, path, summary: String
    public let parameters: [(name: String, help: String, isRequired: Bool)]
    public init(
        method: String, path: String, summary: String, parameters: [(name: String, help: String, isRequired: Bool)]
    ) {
        (self.method, self.path, self.summary, self.parameters) = (method, path, summary, parameters)
    }
}

extension Workspace {
    /// The readable description of the API, for people who write programs; the exact one is at `/api/openapi.json`.
    public static func apiPage(_ operations: [APIOperation], _ request: WebRequest) -> HTML {
        let shell = Shell(reader: Reader(request), assets: Assets(fontFolder: debianFonts), request: request)
        let say = shell.reader.say
        return shell.page(say("The API", "Die Schnittstelle"), at: .settings, crumbs: "API") { html in
            html("div", .class("head")) { html in
                html("h1", text: say("The API", "Die Schnittstelle"))
                html(
                    "p", .class("second"),
                    text: say(
                        "Every command and query of the command line, with the same names, answers and refusals. Queries are read with GET; commands are sent with POST, as JSON or as a form. Sign in with a token in the header Authorization: Bearer. The header Idempotency-Key is the command's id: the same again returns the first outcome.",
                        "Alle Befehle und Abfragen der Kommandozeile, mit denselben Namen, Antworten und Ablehnungen. Abfragen werden mit GET gelesen, Befehle mit POST geschickt, als JSON oder Formular. Angemeldet wird mit einem Token im Kopf Authorization: Bearer. Der Kopf Idempotency-Key ist die Kennung des Befehls: dieselbe noch einmal ergibt das erste Ergebnis."
                    ))
                html("p") { html in
                    html("a", .href(Link("/api/openapi.json")), text: "/api/openapi.json")
                    html.text(" · OpenAPI 3.1")
                }
            }
            for operation in operations {
                html("section", .class("operation")) { html in
                    html("h2") { html in
                        html("code", text: "\(operation.method) \(operation.path)")
                    }
                    html("p", .class("second"), text: operation.summary)
                    guard !operation.parameters.isEmpty else { return }
                    html("dl", .class("parameters")) { html in
                        for parameter in operation.parameters {
                            html("dt") { html in
                                html("code", text: parameter.name)
                                if parameter.isRequired {
                                    html("span", .class("hint"), text: " " + say("required", "nötig"))
                                }
                            }
                            html("dd", .class("second"), text: parameter.help)
                        }
                    }
                }
            }
        }
    }
}
