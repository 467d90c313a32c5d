import Hospital
import Hummingbird
import Ledger
import Register

/// What a form is about: a stay, or a patient.
protocol ActedOn: SendableMetatype {
  /// `stay`, and `stays` in addresses.
  static var type: String { get }
  static var folder: String { get }
  /// The entry of the navigation that its pages belong to.
  static var nav: Nav { get }
  var wording: Wording { get }
  /// `/stays/<uuid>`.
  var address: String { get }
  /// `stay/<uuid>`.
  var subject: String { get }
  /// HTML that says once more whose it is, before anything is done.
  var repeated: String { get }
  /// - Throws: `Problem` 404, and those of `WebApp.require`.
  static func open(_ app: WebApp, _ request: Request, _ context: PageContext, for action: Action) throws -> Self
}

extension ActedOn {
  static var nav: Nav { .admissions }
}

/// Something done by one form, `/stays/<uuid>/<name>`: shown with whose it is, shown again with what was typed where it
/// is refused. Its sentences are `<name>.title`, `<name>.section` and `<name>.button`.
struct FileAct<File: ActedOn>: Sendable {
  typealias Sections = @Sendable (File, FieldMaker, WebApp) throws -> [FormSection]
  typealias Making = @Sendable (_ subject: String, Form, Wording) throws(Refusal) -> any Command

  var name: String
  var action: Action
  var sections: Sections
  var command: Making
  /// Where to go after success; nil for the file's own page.
  var next: @Sendable (_ subject: String, Receipt) -> String? = { _, _ in nil }
  /// What decisions call some fields, and what the form calls them.
  var renamed: [String: String] = [:]
  /// What else success comes to.
  var after: @Sendable (_ subject: String, Form, WebApp, PageContext) -> Void = { _, _, _, _ in }

  /// One section with these fields.
  /// - Parameter remembering: the form says what it showed: see `Form.said`.
  init(
    _ name: String, _ action: Action, remembering: Bool = false,
    fields: @escaping @Sendable (File, FieldMaker) -> [FormField], command: @escaping Making
  ) {
    self.name = name
    self.action = action
    sections = { file, make, _ in
      var section = FormSection(make.wording("\(name).section"), fields(file, make))
      if remembering { section.remember(section.fields, make.filling) }
      return [section]
    }
    self.command = command
  }

  init(_ name: String, _ action: Action, sections: @escaping Sections, command: @escaping Making) {
    self.name = name
    self.action = action
    self.sections = sections
    self.command = command
  }

  func add(to router: Router<PageContext>, _ app: WebApp) {
    let path = RouterPath("/\(File.folder)/:id/\(name)")
    router.get(path) { request, context in
      let file = try File.open(app, request, context, for: action)
      var filling = Filling(hidden: app.hidden(context))
      // A link may choose beforehand: `?unit=…`.
      filling.proposed = request.query
      return app.html(try page(file, filling, app, next: request.query["next"]), request, context)
    }
    router.post(path) { request, context in
      let form = try await app.form(request, context)
      let uuid = try context.uuid()
      let wording = app.wording(context)
      // Whoever may not open the file does nothing to it either.
      let file = try File.open(app, request, context, for: action)
      let comingFrom = form["next"]
      if form.onlyShows { return app.html(try page(file, Filling(form), app, next: comingFrom), request, context) }
      return try await app.answer(form, request, context) {
        try command("\(File.type)/\(uuid)", form, wording)
      } next: { receipt in
        after("\(File.type)/\(uuid)", form, app, context)
        return next("\(File.type)/\(uuid)", receipt) ?? comingFrom?.asLocalAddress
          ?? receipt.telling("/\(File.folder)/\(uuid)")
      } again: { filling in
        try page(try File.open(app, request, context, for: action), filling.renaming(renamed), app, next: comingFrom)
      }
    }
  }

  /// - Parameter comingFrom: the page that led here, gone back to afterwards.
  private func page(_ file: File, _ filling: Filling, _ app: WebApp, next comingFrom: String?) throws -> Page {
    let wording = file.wording
    var filling = filling
    let back = comingFrom?.asLocalAddress
    if let back { filling.hidden += "<input type=\"hidden\" name=\"next\" value=\"\(escaped(back))\">" }
    let sections = try sections(file, FieldMaker(wording: wording, filling: filling), app)
    return SectionedForm(
      title: wording("\(name).title"), above: file.repeated, action: "\(file.address)/\(name)",
      draft: "\(name)-\(file.subject.afterSlash)", sections: sections, button: wording("\(name).button"),
      back: back ?? file.address
    ).page(filling, nav: File.nav, live: [file.subject])
  }
}

typealias StayAct = FileAct<StayFile>
typealias PatientAct = FileAct<PatientFile>

extension Form {
  /// The button beside a choice that others depend on: show the form again with what goes with it, and do nothing.
  var onlyShows: Bool { self["show"] != nil }
}
