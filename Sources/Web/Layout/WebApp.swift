import Feeds
import Hospital
import Register

/// What every page is made with. Built once, and passed to each file of routes.
public struct WebApp: Sendable {
  public let register: Register
  public let texts: Texts
  let templates: Templates
  /// The bed board, rendered once for all.
  public let board: LiveBoard
  /// The emergency board.
  public let emergency: LiveEmergency
  /// Tells every open page which subjects changed.
  public let pages: Broadcast
  public let print: PrintSettings
  /// The fields of the main system's screen.
  let reentry: ReentryForm
  let emergencySettings: EmergencySettings
  public let environment: Outside
  package let sessions: Sessions
  let signIn: SignIn
  /// Of programs that ask over FHIR.
  let tokens: ClientTokens
  /// What they asked since this station started, by their accounts.
  let programs = FeedBook()
  let glass = Glass()
  /// The other stations, by name: read above this floor, where they are pulled from.
  let otherStations: @Sendable () throws -> [OtherStation]
  /// nil where nothing above this floor carries.
  let carrying: Carrying?
  /// nil where no messages are heard.
  package let feeds: Answering?
  /// nil where nothing is handed back.
  package let handbacks: HandbackDesk?
  /// nil where partners' beds are not read.
  let partners: PartnerFeed?
  /// What is left of the way back.
  let handbackBook: HandbackBook
  let situation: SituationCache
  let assets: Assets
  let banners = Banners()
  let navLinks: NavLinks
  /// Served over TLS: cookies say `Secure`, and browsers are told never to come without.
  let isSecure: Bool
  /// Of a station that was restored a moment ago.
  let restoration: Restoration

  /// - Throws: where a template does not parse.
  public init(
    register: Register, environment: Outside, print: PrintSettings = .usual, reentry: ReentryForm = .usual,
    emergencySettings: EmergencySettings = .usual,
    texts: Texts = .builtIn,
    otherStations: @escaping @Sendable () throws -> [OtherStation] = { [] },
    carrying: Carrying? = nil, feeds: Answering? = nil, handbacks: HandbackDesk? = nil,
    partners: PartnerFeed? = nil, isSecure: Bool,
    restoration: Restoration = Restoration()
  ) throws {
    self.otherStations = otherStations
    self.carrying = carrying
    self.feeds = feeds
    self.handbacks = handbacks
    self.partners = partners
    handbackBook = handbacks?.book ?? HandbackBook(register)
    self.restoration = restoration
    self.register = register
    self.environment = environment
    self.print = print
    self.reentry = reentry
    self.emergencySettings = emergencySettings
    self.texts = texts
    self.isSecure = isSecure
    templates = try Templates(AllTemplates.sources, texts: texts)
    // Numbers of an earlier run mean nothing to a browser that comes back.
    let epoch = Secret.token(environment.randomBytes(8))
    pages = Broadcast(epoch: epoch)
    var words: [String: BoardWords] = [:]
    for language in Language.allCases { words[language.rawValue] = BoardWords { texts($0, language) } }
    board = LiveBoard(words: words, epoch: epoch) {
      try BoardUnit.read(register, at: environment.now())
    }
    emergency = EmergencyBoard.live(register, environment, emergencySettings, texts: texts, epoch: epoch)
    sessions = Sessions(register, environment: environment) { [board, emergency, pages] in
      board.beat()
      emergency.beat()
      pages.beat()
    }
    situation = SituationCache(environment: environment) { [pages] in
      // Banners of open pages say it too.
      pages.send("change", Situation.name)
    } read: {
      try Situation.read(register, try otherStations(), restoration, at: environment.now())
    }
    assets = Assets()
    navLinks = NavLinks(texts)
    tokens = ClientTokens()
    signIn = SignIn(register: register, environment: environment, sessions: sessions, tokens: tokens)
    _ = situation.now()
  }
}
