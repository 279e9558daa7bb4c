import Testing

@testable import Lookout

@Suite("The graph of components")
struct ComponentGraphTests {
  @Test("nothing needs itself, neither at once nor by way of others", arguments: Component.allCases)
  func acyclic(component: Component) {
    #expect(!ComponentGraph.reaches(component).contains(component))
  }

  @Test("what is reached is closed: it holds what its parts reach", arguments: Component.allCases)
  func closed(component: Component) {
    let reached = ComponentGraph.reaches(component)
    for one in reached { #expect(ComponentGraph.reaches(one).isSubset(of: reached)) }
    #expect((ComponentGraph.needs[component] ?? []).isSubset(of: reached))
  }

  @Test("users' pages need all that lies below them, and nobody needs the log or the agent")
  func shape() {
    let below: Set<Component> = [.network, .process, .workers, .postgresql, .database, .registry, .module, .session, .host, .proxy]
    for component in [Component.page, .dashboard] { #expect(ComponentGraph.reaches(component) == below) }
    #expect(ComponentGraph.reaches(.export) == below.union([.dashboard]))
    for component in Component.allCases { #expect(ComponentGraph.reaches(component).isDisjoint(with: [.log, .agent, .backup])) }
  }

  @Test(
    "the cause is the deepest failing component that is reached",
    arguments: [
      (.page, [.page], .page), (.page, [.page, .postgresql], .postgresql), (.dashboard, [.dashboard, .module, .database], .database),
      (.dashboard, [.dashboard, .page], .dashboard), (.page, [.page, .session], .session),
      (.page, [.page, .session, .registry], .registry),
      (.session, [.page, .session], .session), (.postgresql, [.postgresql, .process], .postgresql),
      (.page, [.page, .network, .process], .network), (.log, [.page, .log, .postgresql], .postgresql), (.agent, [.agent, .host], .agent),
      (.page, [], .page), (.export, [.export, .dashboard], .dashboard), (.export, [.export, .page], .export),
      (.page, [.mail, .cron, .backup], .page), (.page, [.page, .network, .postgresql], .network),
    ] as [(Component, Set<Component>, Component)])
  func causes(component: Component, failing: Set<Component>, cause: Component) {
    #expect(ComponentGraph.cause(of: component, failing: failing) == cause)
  }
}
