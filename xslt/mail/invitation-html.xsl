<?xml version="1.0" encoding="UTF-8"?>
<!-- The HTML of an invitation. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">
<xsl:import href="../lib/mail.xsl"/>

<xsl:template name="title">Your invitation to <xsl:value-of select="@tenant"/></xsl:template>
<xsl:template name="content">
	<p>Hello <xsl:value-of select="@name"/>,</p>
	<p><xsl:choose><xsl:when test="@inviter"><xsl:value-of select="@inviter"/> invites you</xsl:when><xsl:otherwise>You are invited</xsl:otherwise></xsl:choose> to <strong><xsl:value-of select="@tenant"/></strong>. Choose a password, and you are in:</p>
	<xsl:call-template name="button"><xsl:with-param name="text">Accept the invitation</xsl:with-param></xsl:call-template>
	<p>It works once, until <xsl:value-of select="concat(substring(@expires, 1, 10), ' ', substring(@expires, 12, 5), ' UTC')"/>. You log in with <xsl:value-of select="@email"/>.</p>
	<p>If you did not expect this, do nothing.</p>
</xsl:template>
</xsl:stylesheet>
