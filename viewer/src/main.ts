import { startPage } from "./page";

startPage();
