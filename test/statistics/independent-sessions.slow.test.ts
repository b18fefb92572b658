import { independentSessions } from "./independent-sessions.ts";

independentSessions("none", 200, 1.5e8);
independentSessions("active", 50, 2e8);
