import Hospital
import Hummingbird
import Logging
import NIOCore
import Register

/// What every request passes: who asks is found out, what fails becomes a page, and every answer bears what browsers
/// are to forbid.
struct EveryRequest: RouterMiddleware {
  let app: WebApp

  func handle(
    _ request: Request, context: PageContext, next: (Request, PageContext) async throws -> Response
  ) async throws -> Response {
    var context = context
    context.read(Cookies(request))
    // There, programs ask, each with a token of its own kind.
    let isFHIR = WebApp.isFHIR(request.uri.path)
    if !isFHIR { identify(request, &context) }
    var response: Response
    do {
      try askWhoOpened(request, context)
      if isFHIR { try app.checkFormat(request) }
      response = try await next(request, context)
    } catch {
      response = isFHIR ? app.fhirAnswer(error, request, context) : answer(error, request, context)
    }
    if isFHIR { app.countProgram(request, response.status) }
    response.headers.append(contentsOf: app.isSecure ? SecurityHeaders.secure : SecurityHeaders.plain)
    return response
  }

  private func identify(_ request: Request, _ context: inout PageContext) {
    if let authorization = request.headers[.authorization], authorization.hasPrefix("Bearer ") {
      let token = String(authorization.dropFirst(7))
      context.session = app.sessions.session(of: token)
      context.sessionToken = token
      context.isBearer = context.session != nil
    } else if let token = context.sessionToken {
      context.session = app.sessions.session(of: token)
    }
  }

  /// Whoever opened a sealed envelope says who they are before anything else.
  private func askWhoOpened(_ request: Request, _ context: PageContext) throws {
    guard let session = context.session, session.who.awaitsClaim else { return }
    let path = request.uri.path
    let isOpen = [FirstUseRoutes.address, "/sign-in", "/sign-out", "/language", "/theme"].contains(path)
    if !isOpen, !path.hasPrefix("/assets/") {
      throw FirstUseNeeded(next: request.method == .get ? request.uri.string : "/")
    }
  }

  private func answer(_ error: any Error, _ request: Request, _ context: PageContext) -> Response {
    switch error {
    case let needed as SignInNeeded: return app.answer(needed, request, context)
    case let first as FirstUseNeeded:
      return app.wantsJSON(request)
        ? app.answer(Problem(.forbidden, "problem.first-use"), request, context)
        : app.redirect("\(FirstUseRoutes.address)?next=\(pathSafe(first.next))")
    case let needed as GlassNeeded: return app.answer(needed, request, context)
    case let used as FormUsed: return app.answer(used, request, context)
    case let problem as Problem: return app.answer(problem, request, context)
    case let refusal as Refusal:
      return app.answer(Problem(.conflict, "refusal.\(refusal.code)", refusal.arguments), request, context)
    case let fault as RegisterFault:
      context.logger.error("the register failed", metadata: ["fault": "\(fault)"])
      return app.answer(app.problem(fault), request, context)
    case let known as any HTTPResponseError:
      return app.answer(Problem(known.status), request, context)
    case is CancellationError:
      return app.answer(Problem(.serviceUnavailable), request, context)
    default:
      // Only the type: what an error says may hold what somebody typed.
      context.logger.error("a page failed", metadata: ["error": "\(type(of: error))"])
      return app.answer(Problem(.internalServerError), request, context)
    }
  }
}

extension WebApp {
  func problem(_ fault: RegisterFault) -> Problem {
    switch fault {
    case .diskFull: Problem(.init(code: 507), "problem.disk-full")
    case .writerStopped: Problem(.serviceUnavailable, "problem.writer-stopped")
    default: Problem(.serviceUnavailable, "problem.register")
    }
  }
}

/// What browsers are to forbid. No script and no style stands in a page itself, so neither is allowed there.
enum SecurityHeaders {
  static let plain: HTTPFields = [
    .contentSecurityPolicy:
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
      + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    .xContentTypeOptions: "nosniff",
    // Not `no-referrer`: with it browsers hide where a form comes from.
    HeaderName("Referrer-Policy")!: "same-origin",
    HeaderName("X-Frame-Options")!: "DENY",
    HeaderName("Cross-Origin-Opener-Policy")!: "same-origin",
    .crossOriginResourcePolicy: "same-origin",
    HeaderName("Permissions-Policy")!: "camera=(), microphone=(), geolocation=()",
  ]
  static let secure: HTTPFields = {
    var fields = plain
    fields[.strictTransportSecurity] = "max-age=31536000"
    return fields
  }()
}
