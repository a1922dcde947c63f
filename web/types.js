/**
 * The shapes of everything the page receives (`/api/v1/ws`) and keeps. Types only: no code is loaded from here.
 *
 * @typedef {[number, number]} Pair  x and y: fractions of the picture's width and height, or pixels where it says so
 * @typedef {"rect" | "ellipse" | "polygon" | "line"} Shape
 * @typedef {{shape?: "rect" | "ellipse", center: Pair, size: Pair, rotation?: number}} Box  degrees clockwise
 * @typedef {{shape: "polygon" | "line", points: Pair[], width?: number}} Path  a line's width: of the picture's height
 * @typedef {(Box | Path) & {feather?: number, exclude?: string[]}} Region  feather: sigma, of the picture's height
 * @typedef {{key: string, at: Pair, hit: Pair} & ({kind: "corner", corner: Pair} | {kind: "turn", side: number} |
 *            {kind: "point" | "between", index: number})} Handle  pixels: where it is drawn, where a finger finds it
 * @typedef {{region: string, take?: string}} Follow
 * @typedef {{profile: string, mode: string, universe: number, address: number, control?: string,
 *            follow?: Follow | null, label?: string, units?: number}} Fixture
 * @typedef {{name: string, exposure?: number, wall: {size: Pair}, regions: Record<string, Region>,
 *            fixtures: Record<string, Fixture>}} Show
 *
 * @typedef {{master: number, blackout: boolean, freeze: boolean}} Live
 * @typedef {{light: string[], age_ms: number, protocol: string, universe: number}} StageLamp
 * @typedef {{regions: Record<string, string>, fixtures: Record<string, {wall: string[], light: string[], limits?: string[]}>,
 *            stage?: Record<string, StageLamp>}} Lights
 * @typedef {{protocol: string, to: string, sent: number, errors: number, last_error?: string | null,
 *            failing?: boolean, note?: string}} Output
 * @typedef {{name: string, address: string, missing: boolean,
 *            ports: {port_address: number, net_sub_universe: string}[]}} Node
 * @typedef {{rev: number, can_undo: boolean, can_redo: boolean,
 *            feed: {state: string, fps: number | null, age_ms: number | null, number: number | null, picture?: unknown,
 *                   error?: string | null},
 *            engine: {state: string, pid?: number | null, rate: number | null,
 *                     latency_ms?: {median: number | null, p95: number | null} | null, late?: number | null,
 *                     kernel?: string | null},
 *            renderer: {state: string, pid?: number | null},
 *            outputs: Output[], nodes?: Node[], warnings: string[], unsaved: string | null}} Status
 * @typedef {{title: string, detail?: string, faults?: {path: string, message: string}[]}} Problem
 *
 * @typedef {"connecting" | "live" | "stale"} Link  what the page may believe about what it shows
 * @typedef {{region: string | null, point: number | null, fixture: string | null}} Selection  point: of the region
 */
export {};
