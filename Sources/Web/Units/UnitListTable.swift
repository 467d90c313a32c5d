import Hospital

/// A unit's list as a table, on screen and on paper.
public struct UnitListTable: Sendable {
  public var entries: [UnitListEntry]
  public var version: UnitListVersion
  /// On screen beds and identities are links; on paper nothing is.
  public var links: Bool
  /// On screen the ward moves and discharges from its list, and comes back to this address.
  public var next: String?

  private var hasActs: Bool { links && version == .ward && next != nil }

  public init(entries: [UnitListEntry], version: UnitListVersion, links: Bool) {
    self.entries = entries
    self.version = version
    self.links = links
  }

  public func html(_ text: (String) -> String) -> String {
    var out = #"<table class="unit-list"><thead><tr>"#
    for column in version.columns {
      out += #"<th scope="col">\#(escaped(text("unit.column.\(column.rawValue)")))</th>"#
    }
    if hasActs { out += #"<th scope="col">\#(escaped(text("unit.column.acts")))</th>"# }
    out += "</tr></thead><tbody>"
    for entry in entries { out += row(entry, text) }
    return out + "</tbody></table>"
  }

  private func row(_ entry: UnitListEntry, _ text: (String) -> String) -> String {
    let bed = linked(entry.cell(.bed, in: version).html(text), to: entry.bed.map { "/beds/\(pathSafe($0))" })
    if let empty = entry.empty {
      return
        #"<tr class="free-row"><th scope="row">\#(bed)</th><td colspan="\#(version.columns.count - (hasActs ? 0 : 1))">"#
        + "\(escaped(empty))</td></tr>"
    }
    var out = #"<tr><th scope="row">\#(bed)</th>"#
    for column in version.columns.dropFirst() {
      let cell = entry.cell(column, in: version)
      out +=
        #"<td class="column-\#(column.rawValue)">\#(linked(cell.html(text), to: address(of: column, cell, entry)))</td>"#
    }
    if hasActs { out += "<td>\(acts(entry, text))</td>" }
    return out + "</tr>"
  }

  /// The identity opens the stay; what was asked, or not, opens the form that asks.
  private func address(of column: UnitListColumn, _ cell: UnitListCell, _ entry: UnitListEntry) -> String? {
    guard cell != .withheld, let stay = entry.stay else { return nil }
    if column == .identity { return "/stays/\(pathSafe(stay))" }
    guard hasActs, AskedTopic(rawValue: column.rawValue) != nil, let next else { return nil }
    return "/stays/\(pathSafe(stay))/asked?next=\(pathSafe(next))"
  }

  private func acts(_ entry: UnitListEntry, _ text: (String) -> String) -> String {
    guard let bed = entry.bed, let stay = entry.stay, let next else { return "–" }
    let bedCode = entry.cell(.bed, in: version).plain.value ?? ""
    return ["move", "discharge"].map { act in
      let address = "/beds/\(pathSafe(bed))/\(act)?stay=\(pathSafe(stay))&amp;next=\(pathSafe(next))"
      return
        #"<a href="\#(address)">\#(escaped(text("unit.\(act)")))<span class="unseen"> \#(escaped(bedCode))</span></a>"#
    }.joined(separator: " ")
  }

  private func linked(_ html: String, to address: String?) -> String {
    guard links, let address else { return html }
    return #"<a href="\#(address)">\#(html)</a>"#
  }
}
