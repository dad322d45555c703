// Counts and times of requests for Prometheus. Labels are routes and statuses, never ids or people.
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'

export class Metrics {
  readonly #registry = new Registry()
  readonly #requests = new Counter({
    name: 'spillway_http_requests_total',
    help: 'Requests by method, route and status.',
    labelNames: ['method', 'route', 'status'] as const,
    registers: [this.#registry],
  })
  readonly #seconds = new Histogram({
    name: 'spillway_http_request_seconds',
    help: 'Time until an answer begins, by method and route.',
    labelNames: ['method', 'route'] as const,
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers: [this.#registry],
  })

  constructor() {
    collectDefaultMetrics({ register: this.#registry })
  }

  /** For the metrics of other parts: jobs, intake. */
  get registry(): Registry {
    return this.#registry
  }

  observe({
    method,
    route,
    status,
    seconds,
  }: {
    method: string
    route: string
    status: number
    seconds: number
  }): void {
    this.#requests.inc({ method, route, status })
    this.#seconds.observe({ method, route }, seconds)
  }

  text(): Promise<string> {
    return this.#registry.metrics()
  }
}
