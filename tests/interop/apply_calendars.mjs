// Applies .ics files one after the other as a calendar does, with ical.js (RFC 5546 §2.1.4): on each line of input a JSON
// list of files, on each line of output the events that it ends with.
import { createInterface } from "node:readline";
import ICAL from "ical.js";

const newer = (event, old) =>
  !old || event.sequence > old.sequence || (event.sequence === old.sequence && event.stamp >= old.stamp);

for await (const line of createInterface({ input: process.stdin })) {
  const events = {};
  for (const text of JSON.parse(line)) {
    const calendar = new ICAL.Component(ICAL.parse(text));
    const method = calendar.getFirstPropertyValue("method");
    for (const component of calendar.getAllSubcomponents("vevent")) {
      const read = new ICAL.Event(component);
      const event = {
        uid: read.uid,
        method,
        sequence: read.sequence,
        stamp: component.getFirstPropertyValue("dtstamp").toJSDate().getTime(),
        start: read.startDate.toJSDate().getTime() / 1000,
        end: read.endDate.toJSDate().getTime() / 1000,
        summary: read.summary,
        location: read.location,
        status: component.getFirstPropertyValue("status"),
        organizer: read.organizer,
        attendees: read.attendees.map((one) => one.getFirstValue()),
      };
      if (newer(event, events[event.uid])) events[event.uid] = event;
    }
  }
  console.log(JSON.stringify(Object.values(events)));
}
