/// A unit's list as a table, on screen and on paper.
public struct UnitListTable: Sendable {
  public var entries: [UnitListEntry]
  public var version: UnitListVersion
  /// On screen beds and identities are links; on paper nothing is.
  public var links: Bool

  public init(entries: [UnitListEntry], version: UnitListVersion, links: Bool) {
    self.entries = entries
    self.version = version
    self.links = links
  }

  public func html(_ text: (String) -> String) -> String {
    var out = #"<table class="unit-list"><thead><tr>"#
    for column in version.columns { out += #"<th scope="col">\#(escaped(text("unit.column.\(column.rawValue)")))</th>"# }
    out += "</tr></thead><tbody>"
    for entry in entries { out += row(entry, text) }
    return out + "</tbody></table>"
  }

  private func row(_ entry: UnitListEntry, _ text: (String) -> String) -> String {
    let bed = linked(entry.cell(.bed, in: version).html(text), to: entry.bed.map { "/beds/\(pathSafe($0))" })
    if let empty = entry.empty {
      return #"<tr class="free-row"><th scope="row">\#(bed)</th><td colspan="\#(version.columns.count - 1)">"#
        + "\(escaped(empty))</td></tr>"
    }
    var out = #"<tr><th scope="row">\#(bed)</th>"#
    for column in version.columns.dropFirst() {
      let cell = entry.cell(column, in: version)
      let address = column == .identity && cell != .withheld ? entry.stay.map { "/stays/\(pathSafe($0))" } : nil
      out += #"<td class="column-\#(column.rawValue)">\#(linked(cell.html(text), to: address))</td>"#
    }
    return out + "</tr>"
  }

  private func linked(_ html: String, to address: String?) -> String {
    guard links, let address else { return html }
    return #"<a href="\#(address)">\#(html)</a>"#
  }
}
