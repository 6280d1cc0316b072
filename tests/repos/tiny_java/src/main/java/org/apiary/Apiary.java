package org.apiary;

import static org.apiary.honey.Units.rounded;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apiary.hive.Colony;
import org.apiary.hive.Hive;
import org.apiary.honey.Harvest;
import org.apiary.honey.Scale;
import org.apiary.weather.Forecast;

/**
 * All hives of one keeper.
 *
 * <p>A place holds one hive at a time.
 */
public class Apiary {
    private final Map<String, Hive> hives = new LinkedHashMap<>();
    private final List<Harvest> harvests = new ArrayList<>();
    private final Scale scale;
    private Journal journal = Journal.silent();

    public Apiary(Scale scale) {
        this.scale = scale;
    }

    public void writeTo(Journal journal) {
        this.journal = journal;
    }

    /**
     * Puts a colony into a new hive, unless somebody lives there already.
     *
     * @param place where it is to stand
     * @param colony the bees that move in
     * @return the hive they live in from now on
     * @throws OccupiedException if the spot is taken
     */
    public Hive place(String place, Colony colony) {
        if (hives.containsKey(place)) {
            throw new OccupiedException(place);
        }
        Hive hive = new Hive(place, colony);
        hives.put(place, hive);
        journal.note("placed " + place);
        return hive;
    }

    /** Takes as much honey as the bees can spare, and remembers how much it was. */
    public double harvest(String place) {
        Hive hive = hives.get(place);
        double spare = hive.surplus(scale);
        Harvest harvest = Harvest.of(place, rounded(spare));
        harvests.add(harvest);
        hive.take(harvest.kilograms());
        return harvest.kilograms();
    }

    /** Weighs the honey of all seasons together, the jars that were given away included. */
    public double total() {
        double sum = 0;
        for (Harvest harvest : harvests) {
            sum += harvest.kilograms() + harvest.gifts();
        }
        return rounded(sum);
    }

    public List<Hive> hungry() {
        List<Hive> found = new ArrayList<>(hives.values());
        found.removeIf(hive -> hive.store().isEnough(scale));
        found.sort(Comparator.comparing(Hive::place));
        return found;
    }

    /**
     * Opens the lids of the hives that are likely to swarm on a warm and calm day, from the {@code strongest} colony
     * to the weakest, and catches what flies out of them.
     *
     * @return the colonies that were caught
     */
    public List<Colony> catchSwarms(Forecast forecast) {
        List<Colony> caught = new ArrayList<>();
        if (!forecast.isFlying()) {
            return caught;
        }
        hives.values().stream()
            .filter(hive -> hive.colony().isCrowded())
            .forEach(hive -> caught.add(hive.colony().divided()));
        return caught;
    }

    void feedAll(double syrup) {
        hungry().forEach(hive -> hive.feed(syrup));
    }

    /** A place where a hive stands already. */
    public static class OccupiedException extends IllegalStateException {
        OccupiedException(String place) {
            super("somebody lives in " + place);
        }
    }
}
