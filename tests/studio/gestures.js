// Runs the page's pure parts in Node: node gestures.mjs JOB.json
import { readFileSync } from "node:fs";
import { Extremes } from "../../viewer/src/extremes";
import * as edits from "../../viewer/src/studio/edits";
import { between, itemsOf, placeSaid, placeText } from "../../viewer/src/studio/model";
import { pointsOf, snapped } from "../../viewer/src/studio/snap";
import { View } from "../../viewer/src/studio/view";

const job = JSON.parse(readFileSync(process.argv[2], "utf8"));

const WORK = {
  items: ({ events, list }) => itemsOf(events, list),
  gesture: ({ events, list, key, name, args }) => {
    const item = itemsOf(events, list).find((one) => one.key === key);
    return edits[name](list, item, ...args);
  },
  list: ({ name, args }) => edits[name](...args),
  between: ({ items, from_s, to_s }) => between(items, from_s, to_s).map((item) => item.key),
  place: ({ yaw, pitch }) => [placeText(yaw, pitch), placeSaid(yaw, pitch)],
  snap: ({ speech, times, within }) => times.map((time) => snapped(pointsOf(speech), time, within)?.time_s ?? null),
  extremes: ({ values, change, ranges }) => {
    const all = Float32Array.from(values);
    const extremes = new Extremes(all);
    all.set(change.values, change.first);
    extremes.update(change.first, change.first + change.values.length);
    return ranges.map(([from, to]) => extremes.between(from, to));
  },
  view: ({ duration, steps }) => {
    const view = new View();
    view.reset(duration);
    return steps.map(([name, ...args]) => {
      view[name](...args);
      return [view.span.start, view.span.end];
    });
  },
};

console.log(`RESULT ${JSON.stringify(job.map(({ work, ...given }) => WORK[work](given)))}`);
