import OdooLog

/// What the looks and the followers tell.
enum Noticed: Sendable {
  case observation(Observation)
  case event(Event)
}

/// Something that happened, and that nobody had to look for: the diagnosis decides what is looked at because of it.
enum Event: Sendable {
  /// The kept connection of a check was closed from the other side.
  case connectionLost(CheckID)
  /// Odoo's main process has ended.
  case processEnded(target: String)
  /// A request on a route of the dashboards has been answered, whoever sent it.
  case requestEnded(target: String, RequestSeen)
  /// Somebody has done something to Odoo, by its log.
  case operated(target: String, Operation)
}

/// What an operator does to an Odoo.
enum Operation: Sendable, Equatable {
  /// It was told to stop, and stops in an orderly way.
  case stop
  case start
  /// A module is installed, updated or removed, and the models are loaded anew.
  case moduleChange
}

typealias Tell = @Sendable (Noticed) -> Void
