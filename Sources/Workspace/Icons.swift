import Web

/// Signs of 16 × 16 units with a stroke of 1.5, drawn beside the word they belong to and silent for screen readers.
enum Icon: Sendable {
    case bank, barred, bounce, broken, calendar, chart, check, clock, download, eye, file, flag, list, mail, padlock,
        pages
    case pause, person, phone, plane, scales, search, sliders, speech, tag, triangle

    var paths: StaticString {
        switch self {
        case .bank: "<path d='M2 6.2 8 2.8l6 3.4zM3.8 8.5v3.4M6.6 8.5v3.4M9.4 8.5v3.4M12.2 8.5v3.4M2.4 13.6h11.2'/>"
        case .barred: "<circle cx='8' cy='8' r='5.6'/><path d='m4.2 4.2 7.6 7.6'/>"
        case .bounce: "<path d='M5.4 4.2 2.4 7.2l3 3M2.6 7.2h7.2a3.2 3.2 0 0 1 0 6.4H8'/>"
        case .broken: "<path d='M1.4 8.4h3.8L7 5.6l2 5 1.6-2.2h4'/>"
        case .calendar:
            "<rect x='2.4' y='3.4' width='11.2' height='10.2' rx='1'/><path d='M2.4 6.8h11.2M5.4 2v2.8M10.6 2v2.8'/>"
        case .chart: "<path d='M2.2 2v12h11.8M5.4 11V8M8.6 11V4.6M11.8 11V6.6'/>"
        case .check: "<path d='m2.8 8.6 3.4 3.4 7-7.6'/>"
        case .clock: "<circle cx='8' cy='8' r='5.8'/><path d='M8 4.6V8l2.4 1.8'/>"
        case .download: "<path d='M8 2.4v7.8M4.8 7.2 8 10.4l3.2-3.2M2.8 13.4h10.4'/>"
        case .eye:
            "<path d='M1.4 8S3.8 3.8 8 3.8 14.6 8 14.6 8 12.2 12.2 8 12.2 1.4 8 1.4 8z'/><circle cx='8' cy='8' r='1.9'/>"
        case .file: "<path d='M3.6 1.8h5.6l3.2 3.2v9.2H3.6zM9 2v3.2h3.2'/>"
        case .flag: "<path d='M3.6 14.4V2.4h8.6L10 5.6l2.2 3.2H3.6'/>"
        case .list: "<path d='M5.6 4h8M5.6 8h8M5.6 12h8M2.2 4h.9M2.2 8h.9M2.2 12h.9'/>"
        case .mail: "<rect x='1.8' y='3.4' width='12.4' height='9.2' rx='1'/><path d='m2.2 4.2 5.8 4.4 5.8-4.4'/>"
        case .padlock: "<rect x='3.2' y='7' width='9.6' height='7' rx='1'/><path d='M5.2 7V5a2.8 2.8 0 0 1 5.6 0v2'/>"
        case .pages: "<path d='M5 4.4V2h8.4v9.4H11M2.6 4.4H11v9.4H2.6zM4.8 7.4h4M4.8 10.4h4'/>"
        case .pause: "<circle cx='8' cy='8' r='5.8'/><path d='M6.4 5.8v4.4M9.6 5.8v4.4'/>"
        case .person: "<circle cx='8' cy='5' r='2.8'/><path d='M2.8 14c.4-3 2.4-4.6 5.2-4.6s4.8 1.6 5.2 4.6'/>"
        case .phone:
            "<path d='M3 2.4h2.6l1.2 3.2-1.6 1.2a8 8 0 0 0 4 4l1.2-1.6 3.2 1.2v2.6c0 .6-.4 1-1 1C7 14 2 9 2 3.4c0-.6.4-1 1-1z'/>"
        case .plane: "<path d='M14.2 1.8 1.8 6.8l5.2 2.2 2.2 5.2zM7 9l7.2-7.2'/>"
        case .scales: "<path d='M8 2v12M4.8 14h6.4M3 4.4h10M3 4.4.9 9.2h4.2zM13 4.4l-2.1 4.8h4.2z'/>"
        case .search: "<circle cx='7' cy='7' r='4.6'/><path d='m10.4 10.4 3.8 3.8'/>"
        case .sliders:
            "<path d='M2 4.4h7M12 4.4h2M2 11.6h2M7 11.6h7'/><circle cx='10.5' cy='4.4' r='1.5'/><circle cx='5.5' cy='11.6' r='1.5'/>"
        case .speech: "<path d='M2 2.8h12v8.4H7.4L4.4 14v-2.8H2z'/>"
        case .tag: "<path d='M8.6 2.2h5.2v5.2l-6.4 6.4-5.2-5.2z'/><circle cx='11' cy='5' r='.9'/>"
        case .triangle: "<path d='M8 2.2 14.6 13.6H1.4zM8 6.4v3.4M8 11.4v.4'/>"
        }
    }
}

extension HTML {
    mutating func icon(_ icon: Icon) {
        fixed("<svg class='icon' viewBox='0 0 16 16' aria-hidden='true' focusable='false'>")
        fixed(icon.paths)
        fixed("</svg>")
    }
}
