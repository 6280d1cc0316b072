package org.apiary;

import static org.junit.Assert.assertEquals;

import org.apiary.hive.Colony;
import org.apiary.honey.Scale;
import org.junit.Test;

public class ApiaryTest {
    /** A hive that is light gives nothing. */
    @Test
    public void lightHive() {
        Apiary apiary = new Apiary(new Scale(0.5));
        apiary.place("meadow", new Colony("Buckfast"));
        assertEquals(0.0, apiary.harvest("meadow"), 0.001);
    }
}
